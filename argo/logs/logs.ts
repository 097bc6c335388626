import { stepsOf } from '../../generator/results/result.js';
import { NAMES } from '../../generator/workflow/names.js';
import { lastOf } from '../../schema/cut.js';
import { apiPath, type ClusterClient } from '../client/client.js';
import { KubernetesError } from '../client/errors.js';
import type { ObservedWorkflow } from '../status/observed.js';
import { workflowResult, type LogTails, type WorkflowResult } from '../status/status.js';
import { lines } from './lines.js';
import { LOG_LIMITS } from './log-limits.js';

/** Which part of a log is wanted. */
export interface LogOptions {
  /** At most this many of its last lines. */
  readonly tail?: number;
  /** At most this many bytes, the first of what `tail` chooses. */
  readonly bytes?: number;
  /** Characters that are kept of a line; {@link LONGEST_LINE} without it. */
  readonly lineLength?: number;
  /** Continue until the container ends. */
  readonly follow?: boolean;
  readonly signal?: AbortSignal;
}

/** Of a log that a person reads: longer lines are data, not messages. */
const LONGEST_LINE = 64 * 1024;
/** The container of a step that does its work; Argo's own are next to it. */
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
    query: {
      container: CONTAINER,
      tailLines: options.tail,
      limitBytes: options.bytes,
      follow: options.follow,
    },
    signal: options.signal,
  });
  try {
    for await (const line of lines(stream, options.lineLength ?? LONGEST_LINE))
      if (!EXECUTOR.test(line)) yield line;
  } finally {
    stream.destroy();
  }
}

/** Lines that tell why a build failed: Kaniko prints its error last, below what the step itself printed. */
const TAIL = 200;
/** Bytes that are read of them at most: a build may print lines without end. */
const READ_BYTES = 4 * 1024 * 1024;
/** Logs that are read at once. */
const AT_ONCE = 8;

/** Makes a result of a workflow and of what its failed steps said last. */
export type Explain = (
  workflow: ObservedWorkflow,
  tails: LogTails,
) => WorkflowResult | Promise<WorkflowResult>;

/**
 * The result of a workflow with the reasons of what failed or waits, for which the last lines of those steps are read. A
 * pod that is cleaned up, or whose log nobody may read, is passed over: the result then rests on Argo's messages.
 *
 * @param explain - where that is done elsewhere; default: {@link workflowResult}
 */
export async function explainedResult(
  client: ClusterClient,
  workflow: ObservedWorkflow,
  explain: Explain = workflowResult,
): Promise<WorkflowResult> {
  const result = workflowResult(workflow);
  // Of a run of the pipeline, what it waits for is in its log alone.
  const asked = stepsOf(result).flatMap(({ step }) =>
    step.state === 'failed' || (step.task === NAMES.run && step.state === 'running') ? [step] : [],
  );
  const namespace = workflow.metadata.namespace ?? client.namespace ?? 'default';
  const tails = new Map<string, string>();
  const readNext = async (): Promise<void> => {
    for (let step = asked.shift(); step !== undefined; step = asked.shift()) {
      if (step.task === undefined || step.pod === undefined) continue;
      try {
        tails.set(step.task, await logTail(client, namespace, step.pod));
      } catch (error) {
        if (!(error instanceof KubernetesError)) throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, readNext));
  return tails.size === 0 ? result : explain(workflow, tails);
}

/**
 * The last lines of a step's log: 200 of them, and at most {@link LOG_LIMITS} of characters.
 *
 * @throws as {@link stepLog}
 */
export async function logTail(
  client: ClusterClient,
  namespace: string,
  pod: string,
  signal?: AbortSignal,
): Promise<string> {
  const { characters, lineLength } = LOG_LIMITS;
  const options = { tail: TAIL, bytes: READ_BYTES, lineLength, ...(signal && { signal }) };
  let text = '';
  for await (const line of stepLog(client, namespace, pod, options)) {
    text += `${line}\n`;
    if (text.length > 2 * characters) text = lastOf(text, characters);
  }
  return lastOf(text, characters).trimEnd();
}
