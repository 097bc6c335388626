import {
  parseErrorReport,
  reportDiagnostic,
  type ErrorReport,
} from '../../generator/results/error-report.js';
import type {
  Failure,
  FailureKind,
  ImageResult,
  PublishStepResult,
  RunStepResult,
  StepResult,
  TagStepResult,
} from '../../generator/results/result.js';
import {
  parsePublishOutput,
  parseRunOutput,
  parseTagOutput,
  RUN_WAITS,
} from '../../generator/results/step-outputs.js';
import { tagWarnings } from '../../generator/results/tag-warnings.js';
import { NAMES } from '../../generator/workflow/names.js';
import type { ObservedSpec, WorkflowNode } from './observed.js';
import { tagTargets } from './tag-targets.js';

/** Kinds of error.json that are not the repository's code. */
const KINDS: Readonly<Partial<Record<string, FailureKind>>> = {
  images: 'digest',
  archive: 'object_store',
  no_kfp: 'compiler_image',
  internal: 'unknown',
};

/**
 * The step that tags images with what did not work.
 *
 * @param images - those of the workflow: which of them build on a base
 */
export function tagResult(
  step: StepResult,
  node: WorkflowNode | undefined,
  spec: ObservedSpec,
  images: readonly ImageResult[],
): TagStepResult {
  const output = parseTagOutput(outputOf(node, 'tags'));
  if (!output) return { ...step, warnings: [] };
  const basedOn = (base: string): readonly string[] =>
    images.filter(({ buildsOn = [] }) => buildsOn.includes(base)).map(({ name }) => name);
  return { ...step, ...output, warnings: tagWarnings(output, { targets: tagTargets(spec), basedOn }) };
}

/**
 * The compile step with the reason that its script gave, at its place in the repository.
 *
 * @param node - its last attempt
 */
export function compileResult(
  step: StepResult,
  node: WorkflowNode | undefined,
  spec: ObservedSpec,
): StepResult {
  const { failure } = step;
  if (!failure) return step;
  const report = parseErrorReport(outputOf(node, 'error'));
  if (!report) return step;
  return { ...step, failure: { ...failure, ...compileFailure(report, pipelinePath(node, spec)) } };
}

function compileFailure(report: ErrorReport, path: string): Omit<Failure, 'lastLines'> {
  const { message, file, line, excerpt, hint } = reportDiagnostic(report, path);
  return {
    kind: KINDS[report.kind] ?? 'pipeline_code',
    reason: message.replace(/\.$/, ''),
    nextStep: hint ?? 'correct the code; `kfops compile-pipeline` gives the same report on your machine',
    ...(file !== undefined && line !== undefined && { location: { file, line } }),
    ...(excerpt !== undefined && { excerpt }),
  };
}

function pipelinePath(node: WorkflowNode | undefined, spec: ObservedSpec): string {
  const template = spec.templates?.find(({ name }) => name === node?.templateName);
  const argument = template?.container?.args?.find((each) => each.startsWith('--file='));
  return argument?.slice('--file='.length) ?? 'the pipeline';
}

/** The publish step with what it did. */
export function publishResult(
  step: StepResult,
  node: WorkflowNode | undefined,
  spec: ObservedSpec,
): PublishStepResult {
  const publishes = isPublishing(spec);
  const output = parsePublishOutput(outputOf(node, 'result'));
  if (!output) return { ...step, publishes, warnings: [] };
  const { images, version, pipeline_id: pipelineId, version_id: versionId, warnings, schedules } = output;
  return {
    ...step,
    publishes,
    images,
    version,
    ...(pipelineId !== undefined && { pipelineId }),
    ...(versionId !== undefined && { versionId }),
    warnings,
    ...(schedules && { schedules }),
  };
}

/** Without Kubeflow Pipelines its template puts out no version's id. */
function isPublishing({ templates }: ObservedSpec): boolean {
  const template = templates?.find(({ name }) => name === NAMES.publish);
  return template?.outputs?.parameters?.some(({ name }) => name === 'version-id') ?? false;
}

/**
 * The run step with the run that it started, and how that ended.
 *
 * @param log - its last lines, where they are known: while the run waits, the last one says for what
 */
export function runResult(step: StepResult, node: WorkflowNode | undefined, log = ''): RunStepResult {
  const last = log.trimEnd().split('\n').at(-1) ?? '';
  if (step.state === 'running' && last.startsWith(RUN_WAITS)) {
    const [reason = '', nextStep = ''] = last.slice(RUN_WAITS.length).split('; ');
    return { ...step, waiting: { kind: 'unschedulable', reason, nextStep }, ignored: [] };
  }
  const output = parseRunOutput(outputOf(node, 'result'));
  if (!output) return { ...step, ignored: [] };
  const { state, message, ignored } = output;
  const ended = step.failure && (state === 'FAILED' || state === 'CANCELED');
  return {
    ...step,
    ...(ended && {
      failure: {
        ...step.failure,
        kind: 'run_failed',
        reason: `the run ended with ${state}${message === undefined ? '' : `: ${message.replace(/\.$/, '')}`}`,
        nextStep: 'look at its steps on the page of Kubeflow Pipelines',
      },
    }),
    runId: output.run_id,
    experimentId: output.experiment_id,
    pipelineId: output.pipeline_id,
    versionId: output.version_id,
    version: output.version,
    runState: state,
    ignored,
    ...(output.continued && { continued: true }),
    ...(output.not_continued !== undefined && { notContinued: output.not_continued }),
    ...(output.outputs && { outputs: output.outputs }),
  };
}

function outputOf(node: WorkflowNode | undefined, name: string): string {
  return node?.outputs?.parameters?.find((parameter) => parameter.name === name)?.value ?? '';
}
