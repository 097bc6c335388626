import { all, any, sure } from './answers.js';
import { hasAddress } from './ip-block.js';
import { selects } from './selector.js';
import type {
  AddressEnd,
  Answer,
  DestinationPort,
  NetworkPolicy,
  Peer,
  PodEnd,
  PolicyPort,
  Verdict,
} from './types.js';

/** A connection, seen from the pod whose policies decide. */
export interface Connection {
  readonly direction: 'Ingress' | 'Egress';
  readonly pod: PodEnd;
  readonly other: PodEnd | AddressEnd;
  readonly port: DestinationPort;
}

/** What the policies do with a connection, and which of them select the pod. */
export interface Evaluation {
  readonly verdict: Verdict;
  /** Names of policies that select the pod for this direction, perhaps or for sure. */
  readonly selecting: readonly string[];
}

/**
 * What the NetworkPolicies of the pod's namespace do with a connection, by the rules of Kubernetes' API: a pod that no
 * policy selects is open; else one matching rule of one of them is enough. Whether the cluster's network plugin enforces
 * policies cannot be seen from here.
 *
 * @param policies - of any namespaces; the others are left out
 */
export function evaluate(policies: readonly NetworkPolicy[], connection: Connection): Evaluation {
  const { direction, pod } = connection;
  const selecting = policies.flatMap((policy) => {
    if (policy.metadata.namespace !== pod.namespace || !isAbout(policy, direction)) return [];
    const selected = selects(policy.spec?.podSelector ?? {}, pod.labels);
    return selected === 'no' ? [] : [{ policy, selected }];
  });
  const names = selecting.map(({ policy }) => policy.metadata.name);
  if (selecting.length === 0) return { verdict: 'allows', selecting: names };
  const allowed = any(selecting.map(({ policy, selected }) => all([selected, hasRule(policy, connection)])));
  const isIsolated = any(selecting.map(({ selected }) => selected));
  if (allowed === 'yes') return { verdict: 'allows', selecting: names };
  const verdict = allowed === 'no' && isIsolated === 'yes' ? 'blocks' : 'unknown';
  return { verdict, selecting: names };
}

/** Without types, a policy is about ingress, and about egress where it has rules for it. */
function isAbout({ spec }: NetworkPolicy, direction: Connection['direction']): boolean {
  const types = spec?.policyTypes ?? [];
  if (types.length > 0) return types.includes(direction);
  return direction === 'Ingress' || (spec?.egress ?? []).length > 0;
}

function hasRule({ spec }: NetworkPolicy, { direction, pod, other, port }: Connection): Answer {
  const rules =
    direction === 'Egress'
      ? (spec?.egress ?? []).map(({ to, ports }) => ({ peers: to, ports }))
      : (spec?.ingress ?? []).map(({ from, ports }) => ({ peers: from, ports }));
  return any(
    rules.map(({ peers = [], ports = [] }) =>
      all([
        peers.length === 0 ? 'yes' : any(peers.map((peer) => isPeer(peer, other, pod.namespace))),
        ports.length === 0 ? 'yes' : any(ports.map((each) => isPort(each, port))),
      ]),
    ),
  );
}

function isPeer(peer: Peer, other: PodEnd | AddressEnd, namespace: string): Answer {
  const { ipBlock, podSelector, namespaceSelector } = peer;
  if (ipBlock !== undefined) {
    // Kubernetes leaves it to the network plugin whether blocks hold for pods, too.
    return other.kind === 'address' ? hasAddress(ipBlock, other.address) : 'unknown';
  }
  if (other.kind === 'address') return 'no';
  return all([
    namespaceSelector === undefined
      ? sure(other.namespace === namespace)
      : selects(namespaceSelector, other.namespaceLabels),
    podSelector === undefined ? 'yes' : selects(podSelector, other.labels),
  ]);
}

function isPort(allowed: PolicyPort, { protocol, port, names }: DestinationPort): Answer {
  const { protocol: allowedProtocol = 'TCP', port: first, endPort } = allowed;
  if (allowedProtocol !== protocol) return 'no';
  if (first === undefined) return 'yes';
  if (port === undefined) return 'unknown';
  if (typeof first === 'number') return sure(port >= first && port <= (endPort ?? first));
  if (names === undefined) return 'unknown';
  return sure(Object.hasOwn(names, first) && names[first] === port);
}
