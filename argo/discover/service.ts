import { apiPath, type ClusterClient } from '../client/client.js';
import { KubernetesError } from '../client/errors.js';
import { persist } from '../client/patience.js';

/**
 * Whether a Service has a port. Without permission to see the Service, it counts as absent.
 *
 * @throws KubernetesError when the cluster does not answer
 */
export async function hasService(
  client: ClusterClient,
  { name, namespace, port }: { readonly name: string; readonly namespace: string; readonly port: number },
): Promise<boolean> {
  try {
    const { spec } = await persist(
      () =>
        client.call<{ readonly spec?: { readonly ports?: readonly { readonly port: number }[] } }>({
          what: `looking for the Service ${name} in ${namespace}`,
          path: apiPath('api', 'v1', 'namespaces', namespace, 'services', name),
        }),
      client.patience,
    );
    return (spec?.ports ?? []).some((each) => each.port === port);
  } catch (error) {
    if (error instanceof KubernetesError && (error.status === 403 || error.status === 404)) return false;
    throw error;
  }
}
