import { listMetadata } from '../../argo/workflows/read-many.js';
import { ANNOTATIONS, KFOPS_SELECTOR, LABELS } from '../../generator/workflow/names.js';
import type { ServerContext, Work } from '../context.js';
import type { Repository } from '../ports.js';

/**
 * How many workflows of a repository started without a command since midnight (UTC), as far as the cluster still has them:
 * every replica counts the same.
 *
 * @throws KubernetesError
 */
export async function startedToday(
  { cluster, github }: Pick<ServerContext, 'cluster' | 'github'>,
  repository: Repository,
  { signal }: Pick<Work, 'signal'>,
): Promise<number> {
  const midnight = new Date(github.now());
  midnight.setUTCHours(0, 0, 0, 0);
  const selector = `${KFOPS_SELECTOR},${LABELS.trigger}`;
  const { items } = await listMetadata(cluster.client, cluster.namespaceOf(repository), selector, signal);
  const id = String(repository.id);
  return items.filter(
    ({ annotations = {}, creationTimestamp }) =>
      annotations[ANNOTATIONS.repositoryId] === id && new Date(creationTimestamp ?? 0) >= midnight,
  ).length;
}
