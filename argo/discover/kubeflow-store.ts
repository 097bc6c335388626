import { ServiceError } from '../../schema/errors.js';
import type { ClusterClient } from '../client/client.js';
import { servicePorts } from './service.js';

/** Namespace of Kubeflow Pipelines. */
const NAMESPACE = 'kubeflow';

/**
 * The object stores that Kubeflow Pipelines has had, newest first, with the ports for S3 in the order of preference:
 * SeaweedFS since 2.15, there without port 9000; MinIO up to 2.14, whose name 2.15 keeps for SeaweedFS.
 * Source: manifests/kustomize/third-party/{seaweedfs,minio} of kubeflow/pipelines.
 */
const STORES = [
  { service: 'seaweedfs', ports: [9000, 8333] },
  { service: 'minio-service', ports: [9000] },
] as const;

/** An object store of Kubeflow, as pods of any namespace reach it. */
export interface KubeflowStore {
  readonly service: string;
  readonly namespace: string;
  /** `seaweedfs.kubeflow.svc.cluster.local:9000` */
  readonly endpoint: string;
}

/** `hidden`: the caller has no permission to see it. */
export type StoreSearch = KubeflowStore | 'hidden' | 'absent';

/**
 * Looks for the object store of Kubeflow.
 *
 * @throws KubernetesError when the cluster does not answer
 */
export async function findKubeflowStore(client: ClusterClient): Promise<StoreSearch> {
  const found = await Promise.all(
    STORES.map(({ service }) => servicePorts(client, { name: service, namespace: NAMESPACE })),
  );
  for (const [i, { service, ports }] of STORES.entries()) {
    const there = found[i];
    const port = ports.find((each) => there !== undefined && there !== 'hidden' && there.includes(each));
    if (port === undefined) continue;
    return { service, namespace: NAMESPACE, endpoint: `${service}.${NAMESPACE}.svc.cluster.local:${port}` };
  }
  return found.includes('hidden') ? 'hidden' : 'absent';
}

/** The error for a cluster in which the settings name no object store, and Kubeflow has none. */
export function noStore({ address }: ClusterClient): ServiceError {
  const names = STORES.map(({ service }) => service).join(' nor ');
  return new ServiceError(
    'Kubernetes API',
    address,
    `the settings name no object store, and the namespace ${NAMESPACE} has neither ${names}`,
    'set minio.endpoint in the settings to the address of an S3 store (docs/minio.md)',
  );
}
