import type { ClusterClient } from '../client/client.js';
import { persist } from '../client/patience.js';
import type { ObservedWorkflow } from '../status/observed.js';
import type { CallOptions, PullRequestWorkflow } from './find-workflows.js';
import { readIfThere } from './read-many.js';

/** A workflow of a pull request, and whether it is stopping. */
export interface StoppableWorkflow extends PullRequestWorkflow {
  /** Somebody stopped or deleted it, by Kfops or otherwise: it won't do what was asked for. It might still run. */
  readonly stopping: boolean;
}

/**
 * Whether somebody stopped or deleted a workflow, ended or not. Argo calls one succeeded that was terminated while it
 * waited for another one's end.
 */
export function isStopping({ metadata, spec }: ObservedWorkflow): boolean {
  return spec.shutdown !== undefined || metadata.deletionTimestamp !== undefined;
}

/**
 * Adds to workflows whether they are stopping. That is not in their metadata, so each that has not ended is read; there
 * are few of them. Those that are gone by now are left out.
 *
 * @returns in the same order; of those that have ended `stopping` is false
 * @throws KubernetesError when the cluster does not answer or refuses
 */
export async function withStops(
  client: ClusterClient,
  workflows: readonly PullRequestWorkflow[],
  { patience = client.patience, signal }: CallOptions = {},
): Promise<readonly StoppableWorkflow[]> {
  const read = async (listed: PullRequestWorkflow): Promise<StoppableWorkflow[]> => {
    if (listed.finished) return [{ ...listed, stopping: false }];
    const once = (): Promise<ObservedWorkflow | undefined> =>
      readIfThere(client, listed.namespace, listed.name, signal);
    const now = await persist(once, patience, signal);
    return now ? [{ ...listed, stopping: isStopping(now) }] : [];
  };
  return (await Promise.all(workflows.map(read))).flat();
}
