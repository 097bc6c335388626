import type { ClusterClient } from '../argo/client/client.js';
import { ASSUMED_STORE } from '../generator/plan/plan-parts.js';
import { type Session, say } from './session.js';

/**
 * The object store of the cluster, for settings that name none. Says which it is.
 *
 * @returns undefined where it cannot be seen
 * @throws ServiceError when there is none, or the cluster does not answer
 */
export async function findStore(session: Session, client: ClusterClient): Promise<string | undefined> {
  const { findKubeflowStore, noStore } = await import('../argo/discover/kubeflow-store.js');
  const found = await findKubeflowStore(client);
  if (found === 'absent') throw noStore(client);
  if (found === 'hidden') {
    say(
      session,
      `Object store: ${ASSUMED_STORE}, assumed: you have no permission to see which one the namespace kubeflow has. With Kubeflow Pipelines 2.16 or later, set minio.endpoint in the settings (docs/minio.md).`,
    );
    return undefined;
  }
  say(session, `Object store: ${found.endpoint}, found in the cluster`);
  return found.endpoint;
}
