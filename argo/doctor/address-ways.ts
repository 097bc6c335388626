import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

import { apiPath, type ClusterClient } from '../client/client.js';
import type { AddressEnd, DestinationPort, PodEnd } from '../network-policy/types.js';
import { readOrNothing } from './readable.js';

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
