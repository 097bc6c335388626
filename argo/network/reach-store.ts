import { ServiceError } from '../../schema/errors.js';
import { apiPath, type ClusterClient } from '../client/client.js';
import { KubernetesError } from '../client/errors.js';
import { persist } from '../client/patience.js';
import { forwardService, type ForwardedPort } from './port-forward.js';
import { parseServiceName } from './service-name.js';

/** The Secret with the keys of an object store, and under which names they are in it. */
export interface StoreSecret {
  readonly name: string;
  readonly access_key: string;
  readonly secret_key: string;
}

/** The two halves of a credential. */
export interface StoreKeys {
  readonly accessKey: string;
  readonly secretKey: string;
}

/**
 * Forwards a port to an object store whose address means something inside of the cluster only.
 *
 * @param endpoint - `host:port`
 * @returns undefined where the address is good as it is: it is no Service's name, or this process runs in the cluster
 * @throws ServiceError when the Service has no pod that is ready, or a right is missing
 */
export async function forwardStore(
  client: ClusterClient,
  endpoint: string,
): Promise<ForwardedPort | undefined> {
  const name = parseServiceName(endpoint);
  if (name === undefined || client.inCluster) return undefined;
  try {
    return await forwardService(client, name);
  } catch (error) {
    // `minio.example`: a host as good as a Service, and there is no such Service.
    if (!name.certain && error instanceof KubernetesError && [403, 404].includes(error.status))
      return undefined;
    throw error;
  }
}

/**
 * Reads the keys of an object store from its Secret: in the first of these namespaces that holds it and lets us.
 *
 * @throws ServiceError that names the variables to set instead
 */
export async function readStoreKeys(
  client: ClusterClient,
  namespaces: readonly string[],
  secret: StoreSecret,
): Promise<StoreKeys> {
  const refused: KubernetesError[] = [];
  for (const namespace of new Set(namespaces)) {
    try {
      const { data } = await persist(
        () =>
          client.call<{ readonly data?: Readonly<Record<string, string>> }>({
            what: `reading the Secret ${secret.name} in ${namespace}`,
            path: apiPath('api', 'v1', 'namespaces', namespace, 'secrets', secret.name),
          }),
        client.patience,
      );
      const accessKey = decode(data?.[secret.access_key]);
      const secretKey = decode(data?.[secret.secret_key]);
      if (accessKey !== '' && secretKey !== '') return { accessKey, secretKey };
      throw new ServiceError(
        'Kubernetes API',
        client.address,
        `the Secret ${secret.name} in ${namespace} does not hold ${secret.access_key} and ${secret.secret_key}`,
        'name the keys that it has in minio.secret of the settings',
      );
    } catch (error) {
      if (!(error instanceof KubernetesError) || (error.status !== 403 && error.status !== 404)) throw error;
      refused.push(error);
    }
  }
  throw new ServiceError(
    'Kubernetes API',
    client.address,
    `the keys of the object store are not known: ${refused.map(({ problem }) => problem).join('; ')}`,
    'set KFOPS_MINIO_ACCESS_KEY and KFOPS_MINIO_SECRET_KEY, or ask for the right to read that Secret (deploy/laptop/reach-minio.yaml)',
  );
}

function decode(text: string | undefined): string {
  return Buffer.from(text ?? '', 'base64')
    .toString('utf8')
    .trim();
}
