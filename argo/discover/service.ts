import { apiPath, type ClusterClient } from '../client/client.js';
import { KubernetesError } from '../client/errors.js';
import { persist } from '../client/patience.js';

/** Where a Service is. */
export interface ServiceName {
  readonly name: string;
  readonly namespace: string;
}

/**
 * The ports of a Service.
 *
 * @returns undefined if there is no such Service; `hidden` without permission to see it
 * @throws KubernetesError when the cluster does not answer
 */
export async function servicePorts(
  client: ClusterClient,
  { name, namespace }: ServiceName,
): Promise<readonly number[] | 'hidden' | undefined> {
  try {
    const { spec } = await persist(
      () =>
        client.call<{ readonly spec?: { readonly ports?: readonly { readonly port: number }[] } }>({
          what: `looking for the Service ${name} in ${namespace}`,
          path: apiPath('api', 'v1', 'namespaces', namespace, 'services', name),
        }),
      client.patience,
    );
    return (spec?.ports ?? []).map(({ port }) => port);
  } catch (error) {
    if (!(error instanceof KubernetesError) || (error.status !== 403 && error.status !== 404)) throw error;
    return error.status === 403 ? 'hidden' : undefined;
  }
}

/**
 * Whether a Service has a port. Without permission to see the Service, it counts as absent.
 *
 * @throws KubernetesError when the cluster does not answer
 */
export async function hasService(
  client: ClusterClient,
  { port, ...service }: ServiceName & { readonly port: number },
): Promise<boolean> {
  const ports = await servicePorts(client, service);
  return ports !== undefined && ports !== 'hidden' && ports.includes(port);
}
