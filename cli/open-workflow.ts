import { KubernetesError } from '../argo/client/errors.js';
import { listWorkflows, type ListedWorkflow } from '../argo/workflows/read.js';
import { formatDuration } from '../common/duration.js';
import { KFOPS_SELECTOR, LABELS, repositoryLabel } from '../generator/workflow/names.js';
import { WorkError } from '../schema/errors.js';
import { buildNamespace } from '../server/rules/build-namespaces.js';
import { openCluster, type OpenedCluster } from './cluster.js';
import type { RepositoryName } from './git-remote.js';
import type { NamespaceFlags } from './options.js';
import { repositoryHere } from './repository-here.js';
import { type Session, say } from './session.js';
import { LATEST } from './workflow-argument.js';

/** A workflow by its name, and the cluster and namespace that it is in. */
export interface OpenedWorkflow {
  readonly cluster: OpenedCluster;
  readonly name: string;
}

/**
 * The workflow that the arguments name. Without a name, and for {@link LATEST}, the newest of this folder's repository,
 * which is said; hints of this call then name it.
 *
 * @throws ConfigError when the settings are wrong, or there is no such cluster or repository
 * @throws WorkError when the repository has no workflow
 * @throws KubernetesError when the cluster does not answer or refuses
 */
export async function openWorkflow(
  session: Session,
  name: string | undefined,
  flags: NamespaceFlags,
): Promise<OpenedWorkflow> {
  if (name !== undefined && name !== LATEST) return { cluster: await openCluster(session, flags), name };
  const cluster = await openCluster(session, flags);
  const repository = await repositoryHere(session.io.cwd);
  const { settings, namespace } = cluster;
  const namespaces =
    flags.namespace === undefined
      ? [...new Set([namespace, buildNamespace(settings, repository)])]
      : [namespace];
  const latest = await latestOf(session, cluster, repository, namespaces);
  useInHints(session, latest, namespace);
  const { style } = session;
  const age = formatDuration(Date.now() - latest.created.getTime());
  say(
    session,
    style.dim(
      `Latest workflow of ${fullName(repository)}: ${latest.name} in ${latest.namespace}, ${age} ago`,
    ),
  );
  return { cluster: { ...cluster, namespace: latest.namespace }, name: latest.name };
}

interface PlacedWorkflow extends ListedWorkflow {
  readonly namespace: string;
}

/** The newest one, and where it is. A namespace whose workflows can't be listed is left out if there is another. */
async function latestOf(
  session: Session,
  { client }: OpenedCluster,
  repository: RepositoryName,
  namespaces: readonly string[],
): Promise<PlacedWorkflow> {
  const selector = `${KFOPS_SELECTOR},${LABELS.repository}=${repositoryLabel(repository)}`;
  const found: PlacedWorkflow[] = [];
  const refused: KubernetesError[] = [];
  for (const namespace of namespaces) {
    try {
      const [newest] = await listWorkflows(client, namespace, selector);
      if (newest) found.push({ ...newest, namespace });
    } catch (error) {
      if (!(error instanceof KubernetesError) || error.status !== 403) throw error;
      refused.push(error);
    }
  }
  const [first] = refused;
  if (first && refused.length === namespaces.length) throw first;
  for (const { message } of refused) say(session, `${session.style.yellow('!')} Left out: ${message}`);
  const [latest] = found.sort((a, b) => b.created.getTime() - a.created.getTime());
  if (latest) return latest;
  throw new WorkError(
    `there is no workflow of ${fullName(repository)} in the ${namespaces.length === 1 ? 'namespace' : 'namespaces'} ${namespaces.join(' and ')}`,
    '`kfops status --all` lists those of all repositories; finished ones are removed after some days',
  );
}

/** Lets hints name the workflow, and its namespace where it isn't the usual one. */
function useInHints({ command }: Session, { name, namespace }: PlacedWorkflow, usual: string): void {
  if (!command) return;
  command.args = [name, ...command.args.slice(1)];
  if (namespace !== usual) command.setOptionValueWithSource('namespace', namespace, 'cli');
}

function fullName({ owner, name }: RepositoryName): string {
  return `${owner}/${name}`;
}
