import type { KubernetesObject } from '../../argo/objects/apply.js';
import { parseServiceName } from '../../argo/network/service-name.js';
import type { Choices } from './choices.js';
import { isKubeflows, type Store } from './found.js';
import { hostsOf } from './logins.js';

/** As everywhere in deploy/: never the cloud's metadata. */
const EVERYWHERE = [
  { ipBlock: { cidr: '0.0.0.0/0', except: ['169.254.0.0/16'] } },
  { ipBlock: { cidr: '::/0', except: ['fe80::/10', 'fd00:ec2::254/128'] } },
];
const STEPS = { matchExpressions: [{ key: 'kfops.dev/step', operator: 'Exists' }] };
const BUILDS = { matchExpressions: [{ key: 'kfops.dev/step', operator: 'In', values: ['build', 'tag'] }] };
const PUBLISHERS = {
  matchExpressions: [{ key: 'kfops.dev/step', operator: 'In', values: ['publish', 'run'] }],
};
const SERVER = { matchLabels: { 'app.kubernetes.io/name': 'kfops-server' } };

/** Kubeflow Pipelines where Kubeflow has it, which the policies in deploy/ list. */
const OWN_PIPELINES = /^ml-pipeline\.kubeflow(?:\.svc[a-z0-9.-]*)?:8888$/;

/**
 * Policies for what those in deploy/ do not list: a registry or GitHub at another port or in the cluster, an object store
 * or Kubeflow Pipelines elsewhere.
 *
 * @param kfpEndpoint - address of Kubeflow Pipelines' API, if it is used
 */
export function networkPolicies(
  choices: Choices,
  store: Store,
  kfpEndpoint: string | undefined,
): KubernetesObject[] {
  const { builds, server, registries, imagesRegistry, githubApiUrl } = choices;
  const hosts = hostsOf([...registries, imagesRegistry]);
  const toRegistries = (listed: readonly number[]): object[] =>
    hosts.flatMap((host) => egressTo(host, listed));
  const toStore = isKubeflows(store) ? [] : egressTo(store.endpoint, []);
  const toGitHub = githubApiUrl === undefined ? [] : egressTo(hostAndPort(githubApiUrl), [443]);
  const pipelines = kfpEndpoint === undefined ? undefined : hostAndPort(kfpEndpoint);
  const toPipelines =
    pipelines === undefined || OWN_PIPELINES.test(pipelines) ? [] : egressTo(pipelines, [443]);
  return [
    ...policy(builds, 'kfops-registries', BUILDS, toRegistries([443, 80])),
    ...policy(server, 'kfops-registries', SERVER, toRegistries([443])),
    ...policy(server, 'kfops-github', SERVER, toGitHub),
    ...policy(builds, 'kfops-pipelines', PUBLISHERS, toPipelines),
    ...policy(builds, 'kfops-store', STEPS, toStore),
    ...policy(server, 'kfops-store', SERVER, toStore),
  ];
}

function hostAndPort(address: string): string {
  const { hostname, port, protocol } = new URL(address);
  return `${hostname}:${port || (protocol === 'http:' ? '80' : '443')}`;
}

/**
 * @param address - `host` or `host:port`
 * @param listed - ports that the policies in deploy/ have
 */
function egressTo(address: string, listed: readonly number[]): object[] {
  const [, text] = /:(\d+)$/.exec(address) ?? [];
  const port = text === undefined ? 443 : Number(text);
  const service = parseServiceName(`${address.replace(/:\d+$/, '')}:${port}`);
  if (service?.certain) {
    // The pods behind it may listen at another port.
    const name = { 'kubernetes.io/metadata.name': service.namespace };
    return [{ to: [{ namespaceSelector: { matchLabels: name } }] }];
  }
  return listed.includes(port) ? [] : [{ to: EVERYWHERE, ports: [{ port }] }];
}

function policy(
  namespace: string,
  name: string,
  podSelector: object,
  egress: readonly object[],
): KubernetesObject[] {
  if (egress.length === 0) return [];
  return [
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name, namespace },
      spec: { podSelector, policyTypes: ['Egress'], egress },
    },
  ];
}
