import { apiPath, type ClusterClient } from '../client/client.js';
import type { KnownLabels, NetworkPolicy } from '../network-policy/types.js';
import { readOrNothing } from './readable.js';

/** The NetworkPolicies of a namespace; undefined without permission to list them. */
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
  const found = await readOrNothing<{ metadata?: { labels?: Readonly<Record<string, string>> } }>(client, {
    what: `reading the Namespace ${namespace}`,
    path: apiPath('api', 'v1', 'namespaces', namespace),
    accept: 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io,application/json',
  });
  return {
    labels: { ...found?.metadata?.labels, 'kubernetes.io/metadata.name': namespace },
    complete: found !== undefined,
  };
}
