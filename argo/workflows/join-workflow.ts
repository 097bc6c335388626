import { ANNOTATIONS } from '../../generator/workflow/names.js';
import { workflowPath, type ClusterClient } from '../client/client.js';
import { KubernetesError } from '../client/errors.js';
import { persist } from '../client/patience.js';
import type { ObservedWorkflow } from '../status/observed.js';
import { AS_METADATA, commentsOf, type CallOptions } from './find-workflows.js';
import { isStopping } from './stopping.js';

/** Attempts at a change that somebody else's changes get ahead of. */
const ATTEMPTS = 10;

/**
 * Writes down on a workflow that further comments asked for it. A comment that is there already is not added twice.
 *
 * @returns all comments, or undefined where there is no such workflow
 * @throws KubernetesError when the cluster does not answer or refuses
 */
export async function addComments(
  client: ClusterClient,
  namespace: string,
  name: string,
  commentIds: readonly number[],
  options: CallOptions = {},
): Promise<readonly number[] | undefined> {
  const added = await change(client, namespace, { name, commentIds, unlessStopping: false }, options);
  return added === 'gone' || added === 'stopping' ? undefined : added;
}

/**
 * The same for comments that want what the workflow does: they don't join a stopping one. Whether it is, and
 * the change, are one step: a stop either comes first and is seen, or ends what these comments have joined.
 *
 * @returns all comments; `stopping` where it is, and none of these comments joined it before
 * @throws KubernetesError when the cluster does not answer or refuses
 */
export function joinWorkflow(
  client: ClusterClient,
  namespace: string,
  name: string,
  commentIds: readonly number[],
  options: CallOptions = {},
): Promise<readonly number[] | 'stopping' | 'gone'> {
  return change(client, namespace, { name, commentIds, unlessStopping: true }, options);
}

interface Joining {
  readonly name: string;
  readonly commentIds: readonly number[];
  /** Costs the whole workflow instead of its metadata. */
  readonly unlessStopping: boolean;
}

async function change(
  client: ClusterClient,
  namespace: string,
  { name, commentIds, unlessStopping }: Joining,
  { patience = client.patience, signal }: CallOptions,
): Promise<readonly number[] | 'stopping' | 'gone'> {
  const path = workflowPath(namespace, name);
  const what = `writing down who asked for the workflow ${name} in ${namespace}`;
  const once = async (): Promise<readonly number[] | 'stopping'> => {
    const read = { what, path, signal, ...(!unlessStopping && { accept: AS_METADATA }) };
    const workflow = await client.call<ObservedWorkflow>(read);
    const { annotations, resourceVersion } = workflow.metadata;
    const before = commentsOf(annotations ?? {});
    const further = commentIds.filter((id) => !before.includes(id));
    if (further.length === 0) return before;
    const isNew = further.length === commentIds.length;
    if (unlessStopping && isNew && isStopping(workflow)) return 'stopping';
    const comments = [...before, ...further];
    await client.call({
      what,
      path,
      signal,
      accept: AS_METADATA,
      method: 'PATCH',
      contentType: 'application/merge-patch+json',
      body: {
        metadata: {
          // Refused with 409 when it is another by now: two replicas may write at once.
          resourceVersion,
          annotations: { [ANNOTATIONS.comments]: JSON.stringify(comments) },
        },
      },
    });
    return comments;
  };
  for (let attempt = 1; ; attempt++) {
    try {
      return await persist(once, patience, signal);
    } catch (error) {
      if (!(error instanceof KubernetesError)) throw error;
      if (error.status === 404) return 'gone';
      if (error.status !== 409 || attempt === ATTEMPTS) throw error;
    }
  }
}
