import { KubernetesError } from '../../argo/client/errors.js';
import { latestFirst, workflowsOf, type PullRequestWorkflow } from '../../argo/workflows/find-workflows.js';
import type { ServerContext, Work } from '../context.js';
import type { Origin } from '../ports.js';

type Cluster = Pick<ServerContext, 'cluster'>;
type Options = Pick<Work, 'signal'>;

/**
 * The workflows of a pull request in the namespace in which its repository is built, the latest first. Only these are
 * joined or retried: a team that can create workflows in another namespace could label one as this pull request's.
 *
 * @throws KubernetesError when the cluster does not answer or refuses
 */
export function ownWorkflows(
  { cluster: { client, namespaceOf } }: Cluster,
  origin: Origin,
  { signal }: Options,
): Promise<readonly PullRequestWorkflow[]> {
  return workflowsOf(client, namespaceOf(origin.repository), origin, { signal });
}

/**
 * The same and those in all other namespaces of builds, where they are from before the repository's rule changed: enough
 * to stop them. Another namespace that this server can't list is left out.
 *
 * @throws KubernetesError when the cluster does not answer, or refuses to list the repository's own namespace
 */
export async function allWorkflows(
  { cluster: { client, namespaces, namespaceOf } }: Cluster,
  origin: Origin,
  { signal }: Options,
): Promise<readonly PullRequestWorkflow[]> {
  const own = namespaceOf(origin.repository);
  const lists = namespaces.map(async (namespace) => {
    try {
      return await workflowsOf(client, namespace, origin, { signal });
    } catch (error) {
      if (namespace !== own && error instanceof KubernetesError && error.status === 403) return [];
      throw error;
    }
  });
  return (await Promise.all(lists)).flat().sort(latestFirst);
}
