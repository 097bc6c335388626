import { describeWorkflow, type PullRequestWorkflow } from '../../argo/workflows/find-workflows.js';
import { listMetadata, type WorkflowMetadata } from '../../argo/workflows/read-many.js';
import { LABELS, UNFINISHED } from '../../generator/workflow/names.js';
import type { ServerContext } from '../context.js';
import type { PullRequestRef } from '../ports.js';
import { subjectOf } from '../reporter/subject.js';
import { originKey } from '../repository-key.js';
import { isServed } from '../rules/permissions.js';
import type { Logger } from '../telemetry/log.js';

type Context = Pick<ServerContext, 'cluster' | 'settings'>;

/** A pull request with workflows that have not ended, all of one namespace. */
export interface RunningPull {
  readonly ref: PullRequestRef;
  readonly namespace: string;
  /** Login of who asked for the first of them; '' where it does not say. */
  readonly by: string;
  readonly workflows: PullRequestWorkflow[];
}

/**
 * Pull requests of served repositories with workflows that have not ended, in each namespace apart. A team can forge
 * annotations in its own namespace: what GitHub says of those stops only workflows of that namespace.
 *
 * @returns by a key of their own, which is the same in each call
 * @throws the reason of `signal` once it is aborted; a namespace that can't be listed is logged and left out
 */
export async function runningPulls(
  { cluster, settings }: Context,
  log: Logger,
  signal: AbortSignal,
): Promise<Map<string, RunningPull>> {
  const pulls = new Map<string, RunningPull>();
  const lists = cluster.namespaces.map((namespace) => unfinished(cluster, namespace, log, signal));
  for (const [metadata, namespace] of (await Promise.all(lists)).flat()) {
    const workflow = describeWorkflow(metadata, namespace);
    const ref = subjectOf(metadata)?.origin;
    // Those of other repositories may be another server's.
    if (
      ref?.number === undefined ||
      workflow.finished ||
      !isServed(settings.server.repositories, ref.repository)
    )
      continue;
    const key = `${namespace}: ${originKey(ref)}`;
    const known = pulls.get(key);
    if (known) known.workflows.push(workflow);
    else pulls.set(key, { ref, namespace, by: workflow.by, workflows: [workflow] });
  }
  return pulls;
}

/** What runs in a namespace; nothing if it can't be listed, which doesn't keep the others from being checked. */
async function unfinished(
  { client }: Context['cluster'],
  namespace: string,
  log: Logger,
  signal: AbortSignal,
): Promise<readonly (readonly [WorkflowMetadata, string])[]> {
  const selector = `${UNFINISHED},${LABELS.pullRequest}`;
  try {
    const { items } = await listMetadata(client, namespace, selector, signal);
    return items.map((metadata) => [metadata, namespace] as const);
  } catch (err) {
    if (signal.aborted) throw err;
    log.warn({ err, namespace }, 'running builds of a namespace could not be listed; listed again later');
    return [];
  }
}
