import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';

import { apiPath } from '../../../argo/client/client.js';
import { admin } from './build.js';
import { environment, need } from './environment.js';
import { applyAll, deleteAll, objectsIn } from './objects.js';

/** Its address for pods, as Kfops finds it. */
export const SEAWEEDFS = 'seaweedfs.kubeflow.svc.cluster.local:9000';

const MANIFEST = new URL('../manifests/seaweedfs-service.yaml', import.meta.url);

/**
 * Makes SeaweedFS the store that is found in the namespace of Kubeflow, as from Kubeflow Pipelines 2.16 on; waits until
 * it answers.
 *
 * @returns makes MinIO the one that is found again
 */
export async function withSeaweedfs(test: Mocha.Context): Promise<() => Promise<void>> {
  need(test, environment.seaweedfsAddress, 'SeaweedFS (KFOPS_TEST_SEAWEEDFS_ADDRESS)');
  need(test, environment.adminKubeconfig, 'admin (KFOPS_TEST_ADMIN_KUBECONFIG)');
  const text = await readFile(MANIFEST, 'utf8');
  const objects = objectsIn(text.replace('@CLUSTER_IP@', environment.seaweedfsAddress));
  await applyAll(objects);
  while (!(await hasReadyPod())) await wait(500);
  return () => deleteAll(objects);
}

async function hasReadyPod(): Promise<boolean> {
  const { status } = await admin.call<{ readonly status?: { readonly readyReplicas?: number } }>({
    what: 'waiting for SeaweedFS',
    path: apiPath('apis', 'apps', 'v1', 'namespaces', 'kubeflow', 'deployments', 'seaweedfs'),
  });
  return (status?.readyReplicas ?? 0) > 0;
}
