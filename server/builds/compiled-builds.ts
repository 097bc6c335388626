import { CALL_PATIENCE, persist } from '../../argo/client/patience.js';
import { workflowResult } from '../../argo/status/status.js';
import { listMetadata, readIfThere } from '../../argo/workflows/read-many.js';
import {
  ANNOTATIONS,
  commitOf,
  KFOPS_SELECTOR,
  LABELS,
  repositoryLabel,
} from '../../generator/workflow/names.js';
import type { CompiledBuild } from '../comment/diff-answer.js';
import type { ServerContext, Work } from '../context.js';
import type { Repository } from '../ports.js';

/** Workflows of a commit that are looked at. */
const MOST_READ = 5;
const UID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** Digits of a commit in the name of a version. */
const VERSION_DIGITS = 12;

/**
 * The latest build of one of these commits whose pipeline was compiled and pinned: for whichever pull request, by the
 * server or by the command line. A build of uncommitted changes has another version, and doesn't count.
 *
 * @param commits - full ids; those of the first are preferred
 * @throws KubernetesError when the cluster does not answer or refuses
 */
export async function compiledBuild(
  { cluster }: Pick<ServerContext, 'cluster'>,
  repository: Repository,
  commits: readonly string[],
  { signal }: Pick<Work, 'signal'>,
): Promise<CompiledBuild | undefined> {
  const { client } = cluster;
  const namespace = cluster.namespaceOf(repository);
  const read = <T>(call: () => Promise<T>): Promise<T> => persist(call, CALL_PATIENCE, signal);
  const ofRepository = `${KFOPS_SELECTOR},${LABELS.repository}=${repositoryLabel(repository)}`;
  for (const commit of new Set(commits)) {
    const selector = `${ofRepository},${LABELS.commit}=${commit.slice(0, 63)}`;
    const { items } = await read(() => listMetadata(client, namespace, selector, signal));
    const candidates = items
      .filter(({ labels, annotations }) => commitOf({ labels, annotations }) === commit)
      // The number tells repositories apart whose names were given to others; the command line doesn't know it.
      .filter(({ annotations = {} }) =>
        [undefined, String(repository.id)].includes(annotations[ANNOTATIONS.repositoryId]),
      )
      .sort((a, b) => Date.parse(b.creationTimestamp ?? '') - Date.parse(a.creationTimestamp ?? ''));
    for (const { name, uid = '' } of candidates.slice(0, MOST_READ)) {
      if (!UID.test(uid)) continue;
      const workflow = await read(() => readIfThere(client, namespace, name, signal));
      const publish = workflow && workflowResult(workflow).publish;
      if (publish?.state !== 'succeeded') continue;
      if (!publish.version?.includes(commit.slice(0, VERSION_DIGITS))) continue;
      return { workflow: name, commit, objectKey: `runs/${uid}/pipeline.yaml` };
    }
  }
  return undefined;
}
