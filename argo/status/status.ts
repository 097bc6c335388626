import type {
  Failure,
  ImageResult,
  StepResult,
  StepState,
  WorkflowResult,
} from '../../generator/results/result.js';
import { NAMES } from '../../generator/workflow/names.js';
import { isDigest } from '../../schema/digest.js';
import { validTexts } from '../../schema/valid-text.js';
import { isStopping } from '../workflows/stopping.js';
import { buildOptionsOf, type BuildOptions } from './build-options.js';
import { classifyFailure, type BuiltImage } from './failures.js';
import { dockerfilesOf, imagesOf, type WorkflowImage } from './images.js';
import { compileResult, publishResult, runResult, tagResult } from './last-steps.js';
import { basesOf, withFailedBases } from './bases.js';
import { attemptsOf, currentNodes, isFinished, nodesOf, podName } from './nodes.js';
import type { Nodes, ObservedWorkflow, WorkflowNode } from './observed.js';

export type { ImageResult, StepResult, StepState, WorkflowResult } from '../../generator/results/result.js';

/** The last lines of a failed step, by the name of its task. */
export type LogTails = ReadonlyMap<string, string>;

/**
 * Turns a Workflow into one result, all texts of it valid: steps wrote some of them. Pure.
 *
 * @param logs - what failed steps said last, where the caller fetched it: the reason is mostly there
 */
export function workflowResult(workflow: ObservedWorkflow, logs: LogTails = new Map()): WorkflowResult {
  const { status, metadata, spec } = workflow;
  const nodes = nodesOf(workflow);
  const common = { name: metadata.name, ...times(status ?? {}) };
  if (nodes === undefined) {
    return {
      ...common,
      phase: 'unknown',
      images: [],
      problem: 'Argo keeps the state of this workflow in its database (node status offloading)',
      nextStep: 'look at it on Argo’s page, or with `argo get`',
    };
  }
  const options = buildOptionsOf(workflow);
  const context: Context = { workflow, byTask: tasksOf(nodes), nodes, logs, options };
  const dockerfiles = dockerfilesOf(workflow);
  const known = imagesOf(workflow);
  const bases = basesOf(workflow, known);
  const images = withFailedBases(
    known.map((image) => {
      const buildsOn = bases(image);
      const result = imageResult(image, context, dockerfiles.get(image.name));
      return buildsOn.length > 0 ? { ...result, buildsOn } : result;
    }),
  );
  const tags = namedStep(NAMES.tag, context, (step, node) => tagResult(step, node, spec, images));
  const compile = namedStep(NAMES.compile, context, (step, node) => compileResult(step, node, spec));
  const publish = namedStep(NAMES.publish, context, (step, node) => publishResult(step, node, spec));
  const run = namedStep(NAMES.run, context, (step, node) => runResult(step, node, logs.get(NAMES.run)));
  const phase = phaseOf(workflow, nodes, images);
  const told = [...images, tags, compile, publish, run].some((step) => step?.failure !== undefined);
  return validTexts({
    ...common,
    phase,
    images,
    ...(tags && { tags }),
    ...(compile && { compile }),
    ...(publish && { publish }),
    ...(run && { run }),
    ...(phase === 'failed' &&
      !told && {
        problem: status?.message ?? 'Argo gives no reason',
        nextStep: 'look at the workflow on Argo’s page, or with `argo get`',
      }),
    ...((phase === 'running' || phase === 'pending') && isStopping(workflow) && { stopping: true }),
    ...(phase === 'stopped' && { problem: `it was stopped (${spec.shutdown ?? 'by hand'})` }),
  });
}

/** What is known of a workflow that no longer exists. */
export function goneResult(name: string, last: ObservedWorkflow | undefined): WorkflowResult {
  return {
    ...(last ? workflowResult(last) : { name, images: [] }),
    phase: 'unknown',
    problem: 'the workflow does not exist in the cluster: its outcome is unknown',
    nextStep: 'check its name and namespace; if somebody deleted it, build again',
  };
}

interface Context {
  readonly workflow: ObservedWorkflow;
  readonly byTask: ReadonlyMap<string, WorkflowNode>;
  readonly nodes: Nodes;
  readonly logs: LogTails;
  /** Of the task that builds an image. */
  readonly options: (task: string) => BuildOptions | undefined;
}

/** The node of each task: of a task with retries the one above its attempts. */
function tasksOf(nodes: Nodes): ReadonlyMap<string, WorkflowNode> {
  const current = currentNodes(nodes);
  const attempts = new Set(current.flatMap((node) => attemptsOf(node, nodes)));
  return new Map(
    current.filter((node) => !attempts.has(node)).map((node) => [node.displayName, node] as const),
  );
}

/** A step that not every workflow has, with what its last attempt put out. */
function namedStep<T extends StepResult>(
  task: string,
  context: Context,
  withOutputs: (step: StepResult, last: WorkflowNode | undefined) => T,
): T | undefined {
  const there = (context.workflow.spec.templates ?? []).some(({ name }) => name === task);
  return there ? withOutputs(stepResult(task, context), podsOf(task, context).at(-1)) : undefined;
}

function imageResult(image: WorkflowImage, context: Context, dockerfile: string | undefined): ImageResult {
  const { name, repository, task } = image;
  if (task === undefined) {
    return {
      name,
      repository,
      state: image.reused ? 'reused' : 'succeeded',
      attempts: 0,
      ...(image.digest && { digest: image.digest }),
      ...image.reused,
    };
  }
  const step = stepResult(task, context, { image: name, options: context.options(task), dockerfile });
  if (step.state !== 'succeeded') return { name, repository, ...step };
  const outputs = context.byTask.get(task)?.outputs?.parameters ?? [];
  const digest = outputs.find((parameter) => parameter.name === 'digest')?.value ?? '';
  if (isDigest(digest)) return { name, repository, ...step, digest };
  return {
    name,
    repository,
    ...step,
    state: 'failed',
    failure: {
      kind: 'digest',
      reason: 'the build reported something that is no image digest',
      nextStep: 'look for a RUN step that writes to /kaniko, and remove it',
    },
  };
}

function stepResult(task: string, context: Context, image: BuiltImage = {}): StepResult {
  const node = context.byTask.get(task);
  if (node === undefined)
    return { task, state: isFinished(context.workflow) ? 'omitted' : 'pending', attempts: 0 };
  const attempts = podsOf(task, context);
  const last = attempts.at(-1) ?? node;
  const ended = isFinished(context.workflow);
  // In a workflow that is stopped, Argo leaves the node above the attempts `Running` for ever.
  const teller = ended && node.phase === 'Running' ? last : node;
  const done = stateOf(teller, context.workflow.spec.shutdown !== undefined);
  // The node above the attempts runs from the moment that the first pod is made.
  const current = done === 'running' && last.phase === 'Pending' ? 'pending' : done;
  const state = ended && (current === 'running' || current === 'pending') ? 'stopped' : current;
  return {
    task,
    state,
    ...times(teller),
    attempts: attempts.length,
    ...(last.type === 'Pod' && { pod: podName(context.workflow.metadata.name, last) }),
    ...(last.phase === 'Pending' && waitingOf(last, context, image)),
    ...(state === 'failed' && {
      failure: classifyFailure(last, context.workflow.spec, {
        log: context.logs.get(task) ?? '',
        ...image,
      }),
    }),
  };
}

function waitingOf(node: WorkflowNode, { workflow }: Context, image: BuiltImage): { waiting?: Failure } {
  const reason = classifyFailure(node, workflow.spec, image);
  return reason.kind === 'unknown' ? {} : { waiting: reason };
}

/** The nodes of a task that have pods, in order. */
function podsOf(task: string, { byTask, nodes }: Context): readonly WorkflowNode[] {
  const node = byTask.get(task);
  if (node?.type !== 'Retry') return node === undefined ? [] : [node];
  return attemptsOf(node, nodes).filter(({ type }) => type === 'Pod');
}

/** Argo's words for it; or, where the container ended first, the exit code of SIGTERM or SIGKILL. */
const ENDED_BY_SHUTDOWN = /shutdown|terminated|stopped|\(exit code (?:143|137)\)/i;

function stateOf({ phase, message }: WorkflowNode, stopping: boolean): StepState {
  switch (phase ?? 'Pending') {
    case 'Succeeded':
      return 'succeeded';
    case 'Running':
      return 'running';
    case 'Omitted':
    case 'Skipped':
      return 'omitted';
    case 'Failed':
    case 'Error':
      return stopping && ENDED_BY_SHUTDOWN.test(message ?? '') ? 'stopped' : 'failed';
    default:
      return 'pending';
  }
}

function phaseOf(
  { status, spec }: ObservedWorkflow,
  nodes: Context['nodes'],
  images: readonly ImageResult[],
): WorkflowResult['phase'] {
  switch (status?.phase ?? 'Pending') {
    case 'Succeeded':
      // Argo does so for a workflow that was terminated while it waited for its lock.
      if (spec.shutdown !== undefined && Object.keys(nodes).length === 0) return 'stopped';
      // A forged digest makes a build a failure that Argo did not see.
      return images.every(({ state }) => state === 'succeeded' || state === 'reused')
        ? 'succeeded'
        : 'failed';
    case 'Failed':
    case 'Error':
      return spec.shutdown === undefined ? 'failed' : 'stopped';
    case 'Running':
      return 'running';
    default:
      return 'pending';
  }
}

interface Times {
  readonly startedAt?: string;
  readonly finishedAt?: string;
}

function times({ startedAt, finishedAt }: Times): { startedAt?: Date; finishedAt?: Date } {
  return {
    ...(startedAt && { startedAt: new Date(startedAt) }),
    ...(finishedAt && { finishedAt: new Date(finishedAt) }),
  };
}
