import { ANNOTATIONS, commitOf } from '../../generator/workflow/names.js';
import { WorkError } from '../../schema/errors.js';
import { workflowPath, type ClusterClient } from '../client/client.js';
import { KubernetesError } from '../client/errors.js';
import { persist } from '../client/patience.js';
import type { ObservedWorkflow } from '../status/observed.js';
import { listMetadata, type WorkflowMetadata } from './read-many.js';

/**
 * A workflow as it is now.
 *
 * @throws WorkError when there is none of this name
 * @throws KubernetesError when the cluster does not answer or refuses
 */
export async function readWorkflow(
  client: ClusterClient,
  namespace: string,
  name: string,
  signal?: AbortSignal,
): Promise<ObservedWorkflow> {
  try {
    return await persist(
      () =>
        client.call<ObservedWorkflow>({
          what: `reading the workflow ${name} in ${namespace}`,
          path: workflowPath(namespace, name),
          signal,
        }),
      client.patience,
      signal,
    );
  } catch (error) {
    if (!(error instanceof KubernetesError) || error.status !== 404) throw error;
    throw new WorkError(
      `there is no workflow ${name} in the namespace ${namespace}`,
      '`kfops status --all` lists those that are there; finished ones are removed after some days',
      { cause: error },
    );
  }
}

/** A workflow in a list: what its metadata alone tells. */
export interface ListedWorkflow {
  readonly name: string;
  /** Argo's word, in lower case: `pending`, `running`, `succeeded`, `failed`, `error`. */
  readonly phase: string;
  readonly created: Date;
  /** What it builds, in words. */
  readonly title: string;
  readonly commit?: string;
}

/**
 * The workflows of a namespace that Kfops made, the latest first. Only their metadata travels: the workflows
 * themselves may be a megabyte each.
 *
 * @param labelSelector - which of them
 * @throws KubernetesError when the cluster does not answer or refuses
 */
export async function listWorkflows(
  client: ClusterClient,
  namespace: string,
  labelSelector: string,
): Promise<readonly ListedWorkflow[]> {
  const { items } = await persist(() => listMetadata(client, namespace, labelSelector), client.patience);
  return items.map(listed).sort((a, b) => b.created.getTime() - a.created.getTime());
}

function listed({
  name,
  labels = {},
  annotations = {},
  creationTimestamp,
}: WorkflowMetadata): ListedWorkflow {
  const commit = commitOf({ labels, annotations });
  return {
    name,
    // Argo repeats its phase as a label once it has taken the workflow up.
    phase: (labels['workflows.argoproj.io/phase'] ?? 'pending').toLowerCase(),
    created: new Date(creationTimestamp ?? 0),
    title: annotations[ANNOTATIONS.title] ?? '',
    ...(commit !== undefined && { commit }),
  };
}
