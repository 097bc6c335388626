import type { ClusterClient } from '../../argo/client/client.js';
import { findKubeflowStore, noStore } from '../../argo/discover/kubeflow-store.js';
import { ASSUMED_STORE } from '../../generator/plan/plan-parts.js';
import type { Settings } from '../../schema/index.js';
import type { Logger } from '../telemetry/log.js';

/**
 * The settings with the object store of the cluster, where they name none.
 *
 * @throws ServiceError when the cluster has none, or does not answer
 */
export async function withStore(settings: Settings, client: ClusterClient, log: Logger): Promise<Settings> {
  if (settings.minio.endpoint !== undefined) return settings;
  const found = await findKubeflowStore(client);
  if (found === 'absent') throw noStore(client);
  if (found === 'hidden') {
    log.warn(
      { endpoint: ASSUMED_STORE },
      'no permission to see which object store the namespace kubeflow has: this one is assumed. Set minio.endpoint in the settings (docs/minio.md)',
    );
    return settings;
  }
  const { endpoint } = found;
  log.info({ endpoint }, 'found the object store in the cluster');
  return { ...settings, minio: { ...settings.minio, endpoint } };
}
