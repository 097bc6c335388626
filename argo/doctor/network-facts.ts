import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

import { apiPath, type ApiCall, type ClusterClient } from '../client/client.js';
import { KubernetesError } from '../client/errors.js';
import type {
  AddressEnd,
  DestinationPort,
  KnownLabels,
  NetworkPolicy,
  PodEnd,
} from '../network-policy/types.js';

type Labels = Readonly<Record<string, string>>;

/** Where a connection may end: one of these. */
export interface Way {
  readonly end: PodEnd | AddressEnd;
  readonly port: DestinationPort;
}

/** Addresses of a host name; none where it cannot be resolved from here. */
export type Resolve = (host: string) => Promise<readonly string[]>;

/** Longest that a name may take; milliseconds. */
const RESOLVE_MS = 3_000;

/** As this machine sees it, which is what pods see of hosts outside of the cluster. */
export const resolveHere: Resolve = async (host) => {
  const over = new AbortController();
  const late = wait(RESOLVE_MS, [], { signal: over.signal, ref: false }).catch(() => []);
  const found = await Promise.race([lookup(host, { all: true }).catch(() => []), late]);
  over.abort();
  return found.map(({ address }) => address);
};

/** @returns undefined without permission to list them */
export async function policiesOf(
  client: ClusterClient,
  namespace: string,
): Promise<readonly NetworkPolicy[] | undefined> {
  const found = await readOrNothing<{ items?: readonly NetworkPolicy[] }>(client, {
    what: `listing the NetworkPolicies in ${namespace}`,
    path: apiPath('apis', 'networking.k8s.io', 'v1', 'namespaces', namespace, 'networkpolicies'),
  });
  return found && (found.items ?? []);
}

/** The labels of a namespace; the one that Kubernetes itself sets where they cannot be read. */
export async function namespaceLabels(client: ClusterClient, namespace: string): Promise<KnownLabels> {
  const found = await readOrNothing<{ metadata?: { labels?: Labels } }>(client, {
    what: `reading the Namespace ${namespace}`,
    path: apiPath('api', 'v1', 'namespaces', namespace),
    accept: 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io,application/json',
  });
  return {
    labels: { ...found?.metadata?.labels, 'kubernetes.io/metadata.name': namespace },
    complete: found !== undefined,
  };
}

interface Service {
  readonly spec?: {
    readonly selector?: Labels;
    readonly ports?: readonly {
      readonly port: number;
      readonly protocol?: string;
      readonly targetPort?: number | string;
    }[];
  };
}

interface Pod {
  readonly metadata: { readonly labels?: Labels };
  readonly spec?: {
    readonly containers?: readonly {
      readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[];
    }[];
  };
}

/** What Services lead to where they cannot be seen, as Kubernetes and Kubeflow Pipelines 2.16 and later install them. */
const USUAL: Readonly<Record<string, { readonly labels: Labels; readonly port: number }>> = {
  'kube-system/kube-dns': { labels: { 'k8s-app': 'kube-dns' }, port: 53 },
  'kubeflow/seaweedfs': { labels: { app: 'seaweedfs' }, port: 8333 },
  'kubeflow/ml-pipeline': { labels: { app: 'ml-pipeline' }, port: 8888 },
};

/** The pods behind a port of a Service, as far as they can be seen. */
export async function serviceWay(
  client: ClusterClient,
  { service, namespace }: { readonly service: string; readonly namespace: string },
  protocol: 'TCP' | 'UDP',
  port: number,
): Promise<Way> {
  const labels = await namespaceLabels(client, namespace);
  const end = (of: KnownLabels): PodEnd => ({ kind: 'pod', namespace, namespaceLabels: labels, labels: of });
  const read = await readable<Service>(client, {
    what: `reading the Service ${service} in ${namespace}`,
    path: apiPath('api', 'v1', 'namespaces', namespace, 'services', service),
  });
  const spec = typeof read === 'object' ? read.spec : undefined;
  const found = spec?.ports?.find((each) => each.port === port && (each.protocol ?? 'TCP') === protocol);
  const selector = spec?.selector ?? {};
  if (found === undefined || Object.keys(selector).length === 0) {
    const usual = read === 'hidden' ? USUAL[`${namespace}/${service}`] : undefined;
    return {
      end: end({ labels: usual?.labels ?? {}, complete: false }),
      port: { protocol, ...(usual && { port: usual.port }) },
    };
  }
  const pods = await readOrNothing<{ items?: readonly Pod[] }>(client, {
    what: `listing the pods behind the Service ${service} in ${namespace}`,
    path: apiPath('api', 'v1', 'namespaces', namespace, 'pods'),
    query: {
      labelSelector: Object.entries(selector)
        .map(([key, value]) => `${key}=${value}`)
        .join(','),
      limit: 1,
    },
  });
  const [pod] = pods?.items ?? [];
  const named = (pod?.spec?.containers ?? []).flatMap(({ ports = [] }) => ports);
  const names = Object.fromEntries(
    named.flatMap(({ name, containerPort }) => (name === undefined ? [] : [[name, containerPort]])),
  ) as Readonly<Record<string, number>>;
  const target = found.targetPort ?? port;
  const number = typeof target === 'number' ? target : names[target];
  return {
    end: end(
      pod ? { labels: pod.metadata.labels ?? {}, complete: true } : { labels: selector, complete: false },
    ),
    port: { protocol, ...(number !== undefined && { port: number }), ...(pod && { names }) },
  };
}

/** Ports on which API servers listen, at their own address or at that of the Service. */
const API_PORTS = [443, 6443];

/** The API server, behind its Service: network plugins see the address that is behind. */
export async function apiWays(client: ClusterClient): Promise<readonly Way[]> {
  const slice = await readOrNothing<{
    readonly endpoints?: readonly { readonly addresses?: readonly string[] }[];
    readonly ports?: readonly { readonly port?: number }[];
  }>(client, {
    what: 'reading the addresses of the Kubernetes API',
    path: apiPath('apis', 'discovery.k8s.io', 'v1', 'namespaces', 'default', 'endpointslices', 'kubernetes'),
  });
  const ports = (slice?.ports ?? []).flatMap(({ port }) => port ?? []);
  const addresses = (slice?.endpoints ?? []).flatMap((endpoint) => endpoint.addresses ?? []);
  const known = addresses.flatMap((address) => ports.map((port) => wayTo(port, address)));
  return known.length > 0 ? known : API_PORTS.map((port) => wayTo(port));
}

/** A host outside of the cluster. Where it has IPv4, that is what pods use. */
export async function hostWays(host: string, port: number, resolve: Resolve): Promise<readonly Way[]> {
  const bare = host.replace(/^\[|\]$/g, '');
  const addresses = isIP(bare) ? [bare] : await resolve(bare);
  const old = addresses.filter((address) => isIP(address) === 4);
  const used = old.length > 0 ? old : addresses;
  return used.length > 0 ? used.map((address) => wayTo(port, address)) : [wayTo(port)];
}

function wayTo(port: number, address?: string): Way {
  return {
    end: { kind: 'address', ...(address !== undefined && { address }) },
    port: { protocol: 'TCP', port },
  };
}

/** @returns undefined where it cannot be read or is not there: then less is known, and nothing is wrong */
async function readOrNothing<T extends object>(client: ClusterClient, call: ApiCall): Promise<T | undefined> {
  const found = await readable<T>(client, call);
  return typeof found === 'object' ? found : undefined;
}

async function readable<T extends object>(
  client: ClusterClient,
  call: ApiCall,
): Promise<T | 'hidden' | 'absent'> {
  try {
    return await client.call<T>(call);
  } catch (error) {
    if (error instanceof KubernetesError) return error.status === 403 ? 'hidden' : 'absent';
    throw error;
  }
}
