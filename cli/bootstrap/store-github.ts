import type { ClusterClient } from '../../argo/client/client.js';
import { type KubernetesObject, named } from '../../argo/objects/apply.js';
import { ServiceError } from '../../schema/index.js';
import type { Session } from '../session.js';
import { applyAll } from './apply.js';

/**
 * Stores the credentials for GitHub of this run.
 *
 * @throws ServiceError when the Secret was kept: the settings would name an App whose keys the cluster does not have
 */
export async function storeGitHub(
  session: Session,
  client: ClusterClient,
  secret: KubernetesObject,
): Promise<void> {
  const kept = await applyAll(session, client, [secret]);
  if (kept.length === 0) return;
  const { name, namespace = '' } = secret.metadata;
  throw new ServiceError(
    'Kubernetes API',
    client.address,
    `${named(secret)} was kept because somebody else made or changed it, so it doesn't have the credentials of this run`,
    `To use the Secret that is there, run the command again without the flags for GitHub. To replace it, run \`kubectl delete secret -n ${namespace} ${name}\` first. The settings were not changed.`,
  );
}
