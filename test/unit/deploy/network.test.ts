import { readFileSync } from 'node:fs';
import { BlockList, isIPv6 } from 'node:net';

import { expect } from 'chai';
import { parseAllDocuments } from 'yaml';

import { retryWorkflow } from '../../../argo/retry/retry.js';
import type { ObservedWorkflow } from '../../../argo/status/observed.js';
import { workflowResult } from '../../../argo/status/status.js';
import { createWorkflow } from '../../../generator/workflow/create.js';
import { createRunWorkflow } from '../../../generator/workflow/run-workflow.js';
import type { ContainerTemplate, Workflow } from '../../../generator/workflow/types.js';
import { anImage, aPlan, WITH_KFP } from '../../support/plan.js';

type Labels = Readonly<Record<string, string>>;

interface Selector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

interface Peer {
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
  readonly namespaceSelector?: Selector;
  readonly podSelector?: Selector;
}

interface Policy {
  readonly kind: string;
  readonly metadata: { readonly namespace: string };
  readonly spec: {
    readonly podSelector: Selector;
    readonly policyTypes: readonly string[];
    readonly egress?: readonly {
      readonly to: readonly Peer[];
      readonly ports: readonly { readonly port: number; readonly protocol?: string }[];
    }[];
  };
}

/** Where a connection goes: to a pod, or to an address outside of the cluster. */
interface Destination {
  readonly namespace?: string;
  readonly app?: string;
  readonly component?: string;
  readonly address?: string;
  readonly port: number;
  readonly protocol?: string;
}

const FILE = new URL('../../../deploy/server/5-network-of-builds.yaml', import.meta.url);
const policies = parseAllDocuments(readFileSync(FILE, 'utf8'), { version: '1.1' }).map(
  (document) => document.toJS() as Policy,
);

/** https://kubernetes.io/docs/concepts/services-networking/network-policies/: what is not allowed by one is denied. */
function isAllowed(pod: Labels, to: Destination): boolean {
  const selecting = policies.filter(({ spec }) => selects(spec.podSelector, pod));
  expect(selecting.some(({ spec }) => spec.policyTypes.includes('Egress'))).to.equal(true);
  return selecting.some(({ spec }) =>
    (spec.egress ?? []).some(
      (rule) =>
        rule.to.some((peer) => reaches(peer, to)) &&
        rule.ports.some(
          ({ port, protocol = 'TCP' }) => port === to.port && protocol === (to.protocol ?? 'TCP'),
        ),
    ),
  );
}

function reaches({ ipBlock, namespaceSelector, podSelector }: Peer, to: Destination): boolean {
  if (ipBlock) {
    const { address } = to;
    if (address === undefined) return false;
    return within(ipBlock.cidr, address) && !(ipBlock.except ?? []).some((cidr) => within(cidr, address));
  }
  if (to.namespace === undefined) return false;
  expect(namespaceSelector, 'a pod of its own namespace').to.not.equal(undefined);
  const namespaceLabels = { 'kubernetes.io/metadata.name': to.namespace };
  return (
    selects(namespaceSelector ?? {}, namespaceLabels) &&
    selects(podSelector ?? {}, { app: to.app ?? 'other', component: to.component ?? 'other' })
  );
}

function within(cidr: string, address: string): boolean {
  const [network = '', prefix = ''] = cidr.split('/');
  if (isIPv6(network) !== isIPv6(address)) return false;
  const list = new BlockList();
  const family = isIPv6(address) ? 'ipv6' : 'ipv4';
  list.addSubnet(network, Number(prefix), family);
  return list.check(address, family);
}

function selects({ matchLabels = {}, matchExpressions = [] }: Selector, labels: Labels): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const value = labels[key];
      if (operator === 'Exists') return value !== undefined;
      if (operator === 'In') return value !== undefined && values.includes(value);
      return expect.fail(`the operator ${operator}`);
    })
  );
}

const workflow = createWorkflow(
  aPlan({
    run: true,
    images: [anImage('trainer'), anImage('server', { target: 'final' })],
    // The schema refuses it; if it came here nevertheless, it must not win.
    kaniko: { labels: { team: 'ml', 'kfops.dev/step': 'publish' }, pod: {}, container: {} },
  }),
  WITH_KFP,
);
const REUSE = { action: 'reuse', digest: `sha256:${'1'.repeat(64)}` } as const;
const again = {
  ...workflow,
  metadata: { ...workflow.metadata, name: 'kfops-x' },
} as unknown as ObservedWorkflow;
const WORKFLOWS: Readonly<Record<string, Workflow>> = {
  'a build and run': workflow,
  'its retry': retryWorkflow(again, workflowResult(again)),
  'a build with reused images': createWorkflow(
    aPlan({ images: [anImage('server'), anImage('trainer', { decision: REUSE })] }),
    WITH_KFP,
  ),
  'a run': createRunWorkflow({ ...aPlan(), version: { name: 'v1' } }, WITH_KFP),
};

const DESTINATIONS: Readonly<Record<string, Destination>> = {
  DNS: { namespace: 'kube-system', port: 53, protocol: 'UDP' },
  'the Kubernetes API': { address: '10.0.0.1', port: 6443 },
  MinIO: { namespace: 'kubeflow', app: 'minio', port: 9000 },
  SeaweedFS: { namespace: 'kubeflow', app: 'seaweedfs', port: 8333 },
  'Kubeflow Pipelines': { namespace: 'kubeflow', app: 'ml-pipeline', port: 8888 },
  'Kubeflow Pipelines, gRPC': { namespace: 'kubeflow', app: 'ml-pipeline', port: 8887 },
  'its page': { namespace: 'kubeflow', app: 'ml-pipeline-ui', port: 3000 },
  'the metadata store': { namespace: 'kubeflow', component: 'metadata-grpc-server', port: 8080 },
  'its database': { namespace: 'kubeflow', app: 'mysql', port: 3306 },
  'a registry': { address: '140.82.112.33', port: 443 },
  'a package mirror': { address: '151.101.0.204', port: 80 },
  'the metadata of a cloud': { address: '169.254.169.254', port: 80 },
  'the same, by IPv6': { address: 'fd00:ec2::254', port: 80 },
  'another pod': { namespace: 'kfops', port: 443 },
};

const EVERY_STEP = ['DNS', 'the Kubernetes API', 'MinIO', 'SeaweedFS', 'a registry'];
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  build: [...EVERY_STEP, 'a package mirror'],
  'tag-images': [...EVERY_STEP, 'a package mirror'],
  compile: EVERY_STEP,
  publish: [...EVERY_STEP, 'Kubeflow Pipelines'],
  run: [...EVERY_STEP, 'Kubeflow Pipelines', 'the metadata store'],
};

describe('threat 54: whom the pods of a workflow reach', () => {
  for (const [name, { spec }] of Object.entries(WORKFLOWS)) {
    const pods = spec.templates.filter((template): template is ContainerTemplate => 'container' in template);
    for (const template of pods) {
      const step = template.name.startsWith('kaniko') ? 'build' : template.name.replace('-pipeline', '');
      it(`${name}: ${template.name} reaches what a ${step} needs, and nothing else`, () => {
        const labels = template.metadata?.labels ?? {};
        const reached = Object.keys(DESTINATIONS).filter((to) => isAllowed(labels, DESTINATIONS[to]!));
        expect(reached.sort()).to.deep.equal([...(ALLOWED[step] ?? [])].sort());
      });
    }
  }

  it('a pod that is no step reaches nothing', () => {
    for (const [name, to] of Object.entries(DESTINATIONS)) expect(isAllowed({}, to), name).to.equal(false);
  });

  it('every policy is for the namespace of builds', () => {
    for (const { kind, metadata } of policies)
      expect([kind, metadata.namespace]).to.deep.equal(['NetworkPolicy', 'kfops']);
  });
});
