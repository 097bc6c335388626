import { apiPath, type ClusterClient } from './client.js';
import { KubernetesError } from './errors.js';
import { lines } from './lines.js';
import type { ObservedWorkflow } from './observed.js';
import { workflowResult, type StepResult, type WorkflowResult } from './status.js';

/** Which part of a log is wanted. */
export interface LogOptions {
  /** At most this many of its last lines. */
  readonly tail?: number;
  /** Go on until the container ends. */
  readonly follow?: boolean;
  readonly signal?: AbortSignal;
}

/** The container of a step that does its work; Argo's own stand beside it. */
const CONTAINER = 'main';
/** What Argo's executor, which wraps every step's command, writes among its lines. */
const EXECUTOR = /^time="?[^ ]+"? level=\w+ msg=.* argo=true( |$)/;

/**
 * The lines of a step's log, from its pod.
 *
 * @throws KubernetesError with status 404 when the pod is cleaned up, 400 when it has not started yet
 */
export async function* stepLog(
  client: ClusterClient,
  namespace: string,
  pod: string,
  options: LogOptions = {},
): AsyncGenerator<string, void, undefined> {
  const stream = await client.stream({
    what: `reading the log of the pod ${pod} in ${namespace}`,
    path: apiPath('api', 'v1', 'namespaces', namespace, 'pods', pod, 'log'),
    query: { container: CONTAINER, tailLines: options.tail, follow: options.follow },
    signal: options.signal,
  });
  try {
    for await (const line of lines(stream)) if (!EXECUTOR.test(line)) yield line;
  } finally {
    stream.destroy();
  }
}

/** Lines that tell why a build failed: Kaniko prints its error last, below what the step itself printed. */
const TAIL = 200;

/**
 * The result of a workflow with the reasons of what failed, for which the last lines of each failed step are read. A
 * pod that is cleaned up, or whose log nobody may read, is passed over: the result then rests on Argo's messages.
 */
export async function explainedResult(
  client: ClusterClient,
  workflow: ObservedWorkflow,
): Promise<WorkflowResult> {
  const result = workflowResult(workflow);
  const steps: readonly (StepResult | undefined)[] = [...result.images, result.compile, result.run];
  const namespace = workflow.metadata.namespace ?? client.namespace ?? 'default';
  const tails = new Map<string, string>();
  await Promise.all(
    steps.map(async (step) => {
      if (step?.state !== 'failed' || step.task === undefined || step.pod === undefined) return;
      try {
        const tail: string[] = [];
        for await (const line of stepLog(client, namespace, step.pod, { tail: TAIL })) tail.push(line);
        tails.set(step.task, tail.join('\n'));
      } catch (error) {
        if (!(error instanceof KubernetesError)) throw error;
      }
    }),
  );
  return tails.size === 0 ? result : workflowResult(workflow, tails);
}
