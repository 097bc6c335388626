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
const SERVER = { matchLabels: { 'app.kubernetes.io/name': 'kfops-server' } };

/** Policies for what those in deploy/ do not list: a registry at another port or in the cluster, an object store elsewhere. */
export function networkPolicies(choices: Choices, store: Store): KubernetesObject[] {
  const { builds, server, registries, imagesRegistry } = choices;
  const toRegistries = hostsOf([...registries, imagesRegistry]).flatMap((host) => egressTo(host, [443, 80]));
  const toStore = isKubeflows(store) ? [] : egressTo(store.endpoint, []);
  return [
    ...policy(builds, 'kfops-registries', BUILDS, toRegistries),
    ...policy(server, 'kfops-registries', SERVER, toRegistries),
    ...policy(builds, 'kfops-store', STEPS, toStore),
    ...policy(server, 'kfops-store', SERVER, toStore),
  ];
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
