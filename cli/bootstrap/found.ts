import type { ClusterClient } from '../../argo/client/client.js';
import { readStoreKeys, type StoreKeys } from '../../argo/network/reach-store.js';
import { defaultSettings } from '../../schema/index.js';
import { ConfigError } from '../../schema/diagnostic.js';
import type { Endpoint } from '../../stores/endpoint.js';
import type { Choices } from './choices.js';
import { missingFlag } from './missing-flag.js';
import { KUBEFLOW } from './namespaces.js';

/** The object store that an installation uses. */
export interface Store extends Endpoint {
  /** Where its address is known from. */
  readonly from: 'flag' | 'cluster' | 'assumed';
  /** Absent without a cluster to read them in. */
  readonly keys?: StoreKeys;
}

/** Of Kubeflow Pipelines 2.16 and later. */
const ASSUMED = 'seaweedfs.kubeflow.svc.cluster.local:9000';

/**
 * The object store of the flags, else Kubeflow's, with its keys.
 *
 * @param client - absent for a dry run without a cluster
 * @throws ConfigError when nothing says where the store is, or what its keys are
 * @throws ServiceError when the cluster does not answer
 */
export async function findStore(choices: Choices, client: ClusterClient | undefined): Promise<Store> {
  const { store, storeKeys } = choices;
  if (store) {
    if (storeKeys) return { ...store, from: 'flag', keys: storeKeys };
    if (!isKubeflows(store)) throw needed(['--store-access-key-file', '--store-secret-key-file'], KEYS);
    return { ...store, from: 'flag', ...(client && { keys: await kubeflowKeys(client) }) };
  }
  if (!client) return { endpoint: ASSUMED, from: 'assumed' };
  const { findKubeflowStore } = await import('../../argo/discover/kubeflow-store.js');
  const found = await findKubeflowStore(client);
  if (found === 'hidden' || found === 'absent')
    throw needed(
      ['--store-endpoint', '--store-access-key-file', '--store-secret-key-file'],
      found === 'absent'
        ? 'the namespace kubeflow has no object store: give the address and the keys of another S3 store'
        : 'you have no permission to see the object store of the namespace kubeflow: give its address and keys, or ask your cluster admin',
    );
  const keys = storeKeys ?? (await kubeflowKeys(client));
  return { endpoint: found.endpoint, from: 'cluster', keys };
}

const KEYS = 'the keys of this store are not in the cluster: give the files that hold them';

/** Whether the store is a Service of Kubeflow's namespace. */
export function isKubeflows({ endpoint }: Endpoint): boolean {
  return /^[a-z0-9-]+\.kubeflow(?:\.svc[a-z0-9.-]*)?:\d+$/.test(endpoint);
}

function kubeflowKeys(client: ClusterClient): Promise<StoreKeys> {
  return readStoreKeys(client, [KUBEFLOW], defaultSettings().minio.secret);
}

function needed(flags: readonly string[], hint: string): ConfigError {
  return new ConfigError(flags.map((flag) => missingFlag(flag, hint)));
}

/** The API of Kubeflow Pipelines as pods reach it, where the cluster has it. */
export async function findPipelines(
  choices: Choices,
  client: ClusterClient | undefined,
): Promise<string | undefined> {
  if (choices.kfpEndpoint !== undefined || !client) return choices.kfpEndpoint;
  const { hasService } = await import('../../argo/discover/service.js');
  const isThere = await hasService(client, { name: 'ml-pipeline', namespace: KUBEFLOW, port: 8888 });
  return isThere ? 'http://ml-pipeline.kubeflow.svc.cluster.local:8888' : undefined;
}
