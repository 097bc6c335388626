import { readFileSync } from 'node:fs';

import { expect } from 'chai';
import { parseAllDocuments } from 'yaml';

import { evaluate, type Connection } from '../../../../argo/network-policy/evaluate.js';
import type {
  AddressEnd,
  DestinationPort,
  KnownLabels,
  NetworkPolicy,
  PodEnd,
  Verdict,
} from '../../../../argo/network-policy/types.js';

const known = (labels: KnownLabels['labels']): KnownLabels => ({ labels, complete: true });
const partly = (labels: KnownLabels['labels']): KnownLabels => ({ labels, complete: false });

function pod(namespace: string, labels: KnownLabels, namespaceLabels: KnownLabels['labels'] = {}): PodEnd {
  const all = { 'kubernetes.io/metadata.name': namespace, ...namespaceLabels };
  return { kind: 'pod', namespace, labels, namespaceLabels: known(all) };
}

const step = (name: string): PodEnd => pod('kfops', known({ 'kfops.dev/step': name }));
const BUILD = step('build');
const STORE = pod('kubeflow', known({ app: 'seaweedfs' }));
const DNS = pod('kube-system', known({ 'k8s-app': 'kube-dns' }));
const at = (address?: string): AddressEnd => ({ kind: 'address', ...(address && { address }) });
const tcp = (port: number, names?: DestinationPort['names']): DestinationPort => ({
  protocol: 'TCP',
  port,
  ...(names && { names }),
});
const udp = (port: number): DestinationPort => ({ protocol: 'UDP', port });

function policy(spec: NetworkPolicy['spec'], namespace = 'kfops'): NetworkPolicy {
  return { metadata: { name: 'p', namespace }, ...(spec && { spec }) };
}
const out = (
  policies: readonly NetworkPolicy[],
  other: Connection['other'],
  port: DestinationPort,
  from = BUILD,
): Verdict => evaluate(policies, { direction: 'Egress', pod: from, other, port }).verdict;

const DENY = policy({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
const TO = (...to: readonly object[]): NetworkPolicy => policy({ egress: [{ to }] });
const PORTS = (...ports: readonly object[]): NetworkPolicy => policy({ egress: [{ ports }] });
const HOST = at('192.0.2.7');

describe('argo/network-policy', () => {
  const EGRESS: Readonly<
    Record<string, readonly [NetworkPolicy[], Connection['other'], DestinationPort, Verdict]>
  > = {
    'no policy': [[], STORE, tcp(1), 'allows'],
    'a policy of another namespace': [
      [{ ...DENY, metadata: { name: 'x', namespace: 'b' } }],
      STORE,
      tcp(1),
      'allows',
    ],
    'a policy without rules': [[DENY], STORE, tcp(1), 'blocks'],
    'no types, and no egress rules: about ingress only': [
      [policy({ podSelector: {} })],
      STORE,
      tcp(1),
      'allows',
    ],
    'no types, and an empty egress list': [[policy({ egress: [] })], STORE, tcp(1), 'allows'],
    'egress rules of a policy about ingress only': [
      [DENY, policy({ policyTypes: ['Ingress'], egress: [{}] })],
      STORE,
      tcp(1),
      'blocks',
    ],
    'an empty rule': [[DENY, policy({ egress: [{}] })], STORE, tcp(1), 'allows'],
    'a policy for other pods': [
      [policy({ podSelector: { matchLabels: { app: 'web' } }, policyTypes: ['Egress'] })],
      STORE,
      tcp(1),
      'allows',
    ],
    'a rule of a policy for other pods': [
      [DENY, policy({ podSelector: { matchLabels: { app: 'web' } }, egress: [{}] })],
      STORE,
      tcp(1),
      'blocks',
    ],
    'a pod of its own namespace': [[TO({ podSelector: {} })], pod('kfops', known({})), tcp(1), 'allows'],
    'a pod selector without a namespace selector, for another namespace': [
      [TO({ podSelector: {} })],
      STORE,
      tcp(1),
      'blocks',
    ],
    'all pods of a namespace': [
      [TO({ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kubeflow' } } })],
      STORE,
      tcp(1),
      'allows',
    ],
    'both selectors, one of which does not select': [
      [TO({ namespaceSelector: {}, podSelector: { matchLabels: { app: 'minio' } } })],
      STORE,
      tcp(1),
      'blocks',
    ],
    'the same in two peers': [
      [TO({ namespaceSelector: {} }, { podSelector: { matchLabels: { app: 'minio' } } })],
      STORE,
      tcp(1),
      'allows',
    ],
    'selectors for an address': [[TO({ namespaceSelector: {} })], HOST, tcp(1), 'blocks'],
    'a block with the address': [[TO({ ipBlock: { cidr: '192.0.2.0/24' } })], HOST, tcp(1), 'allows'],
    'a block without it': [[TO({ ipBlock: { cidr: '192.0.3.0/24' } })], HOST, tcp(1), 'blocks'],
    'a block that excepts it': [
      [TO({ ipBlock: { cidr: '0.0.0.0/0', except: ['10.0.0.0/8', '192.0.2.0/29'] } })],
      HOST,
      tcp(1),
      'blocks',
    ],
    'a block of the other family': [[TO({ ipBlock: { cidr: '::/0' } })], HOST, tcp(1), 'blocks'],
    'a block of IPv6': [[TO({ ipBlock: { cidr: '2001:db8::/32' } })], at('2001:db8::7'), tcp(1), 'allows'],
    'a block, for a pod: plugins differ': [
      [TO({ ipBlock: { cidr: '0.0.0.0/0' } })],
      STORE,
      tcp(1),
      'unknown',
    ],
    'all addresses but metadata, for an unknown one': [
      [TO({ ipBlock: { cidr: '0.0.0.0/0', except: ['169.254.169.254/32'] } })],
      at(),
      tcp(1),
      'allows',
    ],
    'all addresses but private ones, for an unknown one': [
      [TO({ ipBlock: { cidr: '0.0.0.0/0', except: ['10.0.0.0/8'] } })],
      at(),
      tcp(1),
      'unknown',
    ],
    'a block that cannot be read': [[TO({ ipBlock: { cidr: 'x/99' } })], HOST, tcp(1), 'unknown'],
    'the port': [[PORTS({ port: 443 })], HOST, tcp(443), 'allows'],
    'another port': [[PORTS({ port: 443 })], HOST, tcp(80), 'blocks'],
    'the port, of another protocol: TCP is the default': [[PORTS({ port: 53 })], DNS, udp(53), 'blocks'],
    'all ports of a protocol': [[PORTS({ protocol: 'UDP' })], DNS, udp(53), 'allows'],
    'the last port of a range': [[PORTS({ port: 8000, endPort: 9000 })], STORE, tcp(9000), 'allows'],
    'a port after a range': [[PORTS({ port: 8000, endPort: 9000 })], STORE, tcp(9001), 'blocks'],
    'a named port': [[PORTS({ port: 's3' })], STORE, tcp(8333, { s3: 8333 }), 'allows'],
    'a name that another port has': [[PORTS({ port: 's3' })], STORE, tcp(9000, { s3: 8333 }), 'blocks'],
    'a name, where the pod’s ports are not known': [[PORTS({ port: 's3' })], STORE, tcp(8333), 'unknown'],
    'a port, for one that is not known': [
      [PORTS({ port: 53, protocol: 'UDP' })],
      DNS,
      { protocol: 'UDP' },
      'unknown',
    ],
    'a port of another protocol, for one that is not known': [
      [PORTS({ port: 53 })],
      DNS,
      { protocol: 'UDP' },
      'blocks',
    ],
    'a peer and a port in different rules': [
      [policy({ egress: [{ to: [{ podSelector: {} }] }, { ports: [{ port: 443 }] }] })],
      STORE,
      tcp(80),
      'blocks',
    ],
    'labels that are not known': [
      [TO({ namespaceSelector: {}, podSelector: { matchLabels: { tier: 'store' } } })],
      { ...STORE, labels: partly({ app: 'seaweedfs' }) },
      tcp(1),
      'unknown',
    ],
    'a known label, whatever the others are': [
      [TO({ namespaceSelector: {}, podSelector: { matchLabels: { app: 'minio', tier: 'x' } } })],
      { ...STORE, labels: partly({ app: 'seaweedfs' }) },
      tcp(1),
      'blocks',
    ],
  };
  for (const [what, [policies, other, port, verdict]] of Object.entries(EGRESS))
    it(`${what}: ${verdict}`, () => {
      expect(out(policies, other, port)).to.equal(verdict);
    });

  const SELECTORS = [
    ['In', ['build', 'tag'], 'blocks'],
    ['In', ['tag'], 'allows'],
    ['NotIn', ['build'], 'allows'],
    ['NotIn', ['tag'], 'blocks'],
    ['Exists', [], 'blocks'],
    ['DoesNotExist', [], 'allows'],
    ['Newer', [], 'unknown'],
  ] as const;
  for (const [operator, values, verdict] of SELECTORS)
    it(`is about a build by kfops.dev/step ${operator} [${values.join()}]: ${verdict}`, () => {
      const matchExpressions = [{ key: 'kfops.dev/step', operator, values }];
      expect(
        out([policy({ podSelector: { matchExpressions }, policyTypes: ['Egress'] })], STORE, tcp(1)),
      ).to.equal(verdict);
    });

  it('takes NotIn for a label that is absent, and a value that is not known for neither', () => {
    const absent = { matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['x'] }] };
    expect(out([policy({ podSelector: absent, policyTypes: ['Egress'] })], STORE, tcp(1))).to.equal('blocks');
    const from = pod('kfops', known({ 'workflows.argoproj.io/workflow': null }));
    const named = { matchLabels: { 'workflows.argoproj.io/workflow': 'a' } };
    expect(out([policy({ podSelector: named, policyTypes: ['Egress'] })], STORE, tcp(1), from)).to.equal(
      'unknown',
    );
  });

  describe('the policies that Kfops ships', () => {
    const read = (file: string): NetworkPolicy[] =>
      parseAllDocuments(readFileSync(new URL(`../../../../deploy/${file}`, import.meta.url), 'utf8')).map(
        (document) => document.toJS() as NetworkPolicy,
      );
    const SHIPPED = read('server/5-network-of-builds.yaml');
    const REGISTRY = at('198.51.100.1');
    for (const [what, from, other, port, verdict] of [
      ['DNS', BUILD, DNS, udp(53), 'allows'],
      ['the Kubernetes API', BUILD, at('10.0.0.1'), tcp(6443), 'allows'],
      ['the object store', BUILD, STORE, tcp(8333), 'allows'],
      ['another port of it', BUILD, STORE, tcp(8888), 'blocks'],
      ['a registry', BUILD, REGISTRY, tcp(443), 'allows'],
      ['a registry on another port', BUILD, REGISTRY, tcp(5000), 'blocks'],
      ['metadata', BUILD, at('169.254.169.254'), tcp(80), 'blocks'],
      ['plain http, from the compiler', step('compile'), REGISTRY, tcp(80), 'blocks'],
      [
        'Kubeflow Pipelines',
        step('run'),
        pod('kubeflow', known({ app: 'ml-pipeline' })),
        tcp(8888),
        'allows',
      ],
      [
        'Kubeflow Pipelines, from a build',
        BUILD,
        pod('kubeflow', known({ app: 'ml-pipeline' })),
        tcp(8888),
        'blocks',
      ],
    ] as const)
      it(`${what}: ${verdict}`, () => {
        expect(out(SHIPPED, other, port, from)).to.equal(verdict);
      });

    it('admit builds to a store that Kubeflow keeps for its profiles', () => {
      const kubeflow = policy(
        {
          podSelector: { matchLabels: { app: 'seaweedfs' } },
          policyTypes: ['Ingress'],
          ingress: [
            {
              from: [
                { namespaceSelector: { matchLabels: { 'app.kubernetes.io/part-of': 'kubeflow-profile' } } },
              ],
            },
            {
              from: [
                { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'istio-system' } } },
              ],
            },
            { from: [{ podSelector: {} }] },
          ],
        },
        'kubeflow',
      );
      const into = (policies: readonly NetworkPolicy[], other: PodEnd) =>
        evaluate(policies, { direction: 'Ingress', pod: STORE, other, port: tcp(8333) }).verdict;
      expect(into([kubeflow], BUILD)).to.equal('blocks');
      expect(into([kubeflow, ...read('kubeflow/admit-kfops.yaml')], BUILD)).to.equal('allows');
      expect(
        into([kubeflow], pod('team', known({}), { 'app.kubernetes.io/part-of': 'kubeflow-profile' })),
      ).to.equal('allows');
      expect(into([kubeflow], pod('kubeflow', known({})))).to.equal('allows');
      expect(into([kubeflow], { ...BUILD, namespaceLabels: partly({}) })).to.equal('unknown');
    });
  });
});
