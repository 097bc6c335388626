import { systemClock, type Clock } from '../../common/clock.js';
import { stepsOf, type WorkflowResult } from '../../generator/results/result.js';
import { LABELS } from '../../generator/workflow/names.js';
import { workflowPath, type ClusterClient } from '../client/client.js';
import { persist } from '../client/patience.js';
import { hasDagAttempts, isFinished, nodesOf } from '../status/nodes.js';
import type { ObservedWorkflow } from '../status/observed.js';
import { readWorkflow } from '../workflows/read.js';
import { ArgoServerError } from './argo-server-errors.js';
import type { ArgoServer } from './argo-server.js';

/** How a retry may be changed. */
export interface RetryOptions {
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
}

/** How often the server is asked. */
const ATTEMPTS = 3;
/** Milliseconds between two attempts. */
const PAUSE_MS = 2_000;

/** Milliseconds that a pod may wait for a node, in addition to the time that its step may take. */
const START_TIMEOUT_MS = 600_000;

/**
 * Why a workflow cannot continue under its name, where Argo's own retry would not mend it. Pure.
 *
 * @param now - in milliseconds since 1970
 * @returns a clause; undefined where Argo's retry is right
 */
export function whyAnew(
  workflow: ObservedWorkflow,
  result: WorkflowResult,
  now = Date.now(),
): string | undefined {
  const forged = result.images.find(({ failure }) => failure?.kind === 'digest');
  if (forged !== undefined)
    return `the digest of ${forged.name} is not to be trusted, and Argo takes its build for done`;
  // The run has the workflow's name: another attempt of the step finds the failed run.
  if (result.run?.failure?.kind === 'run_failed')
    return result.run.runState === 'FAILED'
      ? 'the run of the pipeline failed, and a new workflow can continue it'
      : 'the run of the pipeline was stopped, and the same workflow would find that same run again';
  // Argo checks a workflow when it picks it up, and not when it continues.
  if (Object.keys(nodesOf(workflow) ?? {}).length === 0) return 'none of its steps had begun';
  // Of a workflow that was stopped, some nodes are never fulfilled, for which Argo begins the DAG again and again, even
  // after its success (`childrenFulfilled` in operator.go; seen with 3.7.18).
  if (workflow.spec.shutdown !== undefined && hasDagAttempts(nodesOf(workflow) ?? {}))
    return 'it was stopped, and Argo would do again what is done already';
  // Argo's controller removes pods by their names at the time that it fixed when the workflow ended, whatever runs under
  // those names by then; it takes that for a failure of the step (seen with 3.7.18).
  const due = removalOfPods(workflow);
  if (due === undefined || now >= due || due - now > longestRetry(workflow, result)) return undefined;
  const time = new Date(due).toISOString().slice(0, 16).replace('T', ' ');
  return `at ${time} UTC Argo removes the pods of its first end, and would end what runs again under their names`;
}

/** When the pods of a workflow are removed, in milliseconds since 1970. */
function removalOfPods({ spec, status }: ObservedWorkflow): number | undefined {
  const [, seconds] = /^(\d+)s$/.exec(spec.podGC?.deleteDelayDuration ?? '') ?? [];
  if (seconds === undefined || !status?.finishedAt) return undefined;
  return Date.parse(status.finishedAt) + Number(seconds) * 1000;
}

/** How long the steps that had a pod may take when they are done again, in milliseconds. */
function longestRetry({ spec }: ObservedWorkflow, result: WorkflowResult): number {
  const templates = new Map((spec.templates ?? []).map((template) => [template.name, template]));
  const tasks = new Map(
    (spec.templates ?? []).flatMap(({ dag }) => dag?.tasks ?? []).map((task) => [task.name, task]),
  );
  const again = stepsOf(result).filter(({ step }) => step.state !== 'succeeded' && step.pod !== undefined);
  const seconds = again.map(({ step }) => {
    const template = templates.get(tasks.get(step.task ?? '')?.template ?? '');
    return Number(template?.activeDeadlineSeconds ?? spec.activeDeadlineSeconds ?? Infinity);
  });
  const rounds = Math.max(1, Math.ceil(again.length / (spec.parallelism ?? Infinity)));
  return Math.max(0, ...seconds) * 1000 * rounds + START_TIMEOUT_MS;
}

/**
 * Has Argo do again what failed or was stopped, and what depends on it, within the same workflow. Argo deletes the pods
 * of those steps and their state, and takes the stop back; the workflow's deadline counts from now. Its end is news
 * again, so that the pull request gets its result.
 *
 * @throws ArgoServerError when the server refuses or does not answer
 * @throws KubernetesError when the cluster does not answer; the retry may be under way
 */
export async function retryInPlace(
  client: ClusterClient,
  server: ArgoServer,
  workflow: ObservedWorkflow,
  options: RetryOptions = {},
): Promise<void> {
  const { name, namespace = 'default', labels } = workflow.metadata;
  const { signal } = options;
  await askUntilDone(client, server, workflow, namespace, options);
  if (labels?.[LABELS.reported] === undefined) return;
  await persist(
    () =>
      client.call({
        what: `taking the label of its report off the workflow ${name} in ${namespace}`,
        method: 'PATCH',
        path: workflowPath(namespace, name),
        contentType: 'application/merge-patch+json',
        body: { metadata: { labels: { [LABELS.reported]: null, [LABELS.notify]: null } } },
        signal,
      }),
    client.patience,
    signal,
  );
}

async function askUntilDone(
  client: ClusterClient,
  server: ArgoServer,
  { metadata: { name }, status }: ObservedWorkflow,
  namespace: string,
  { signal, clock = systemClock }: RetryOptions,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await server.retry(namespace, name, signal);
      return;
    } catch (error) {
      if (!(error instanceof ArgoServerError) || !error.passing) throw error;
      // The answer may be all that was lost: asked once more, Argo would refuse what runs already.
      const now = await readWorkflow(client, namespace, name, signal);
      if (!isFinished(now) || now.status?.startedAt !== status?.startedAt) return;
      if (attempt === ATTEMPTS) throw error;
      await clock.wait(PAUSE_MS, signal);
    }
  }
}
