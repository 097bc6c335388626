import { enumerateFirst } from '../../common/enumerate.js';
import type {
  Failure,
  ImageResult,
  PublishStepResult,
  RunStepResult,
  StepResult,
  WorkflowResult,
} from '../../generator/results/result.js';
import { scheduleLines } from '../../generator/results/schedule-changes.js';
import type { RunOutputs } from '../../generator/results/run-outputs.js';
import { omit } from './omit.js';
import type { Build, StepRow } from './state.js';
import { hasEnded } from './transitions.js';

/** What a workflow's result does not say itself. */
export interface ResultLinks {
  /** Masks secrets in what a build or a pipeline wrote. */
  readonly redact: (text: string) => string;
  /** Page with a step's log. */
  logUrl?(step: StepResult): string | undefined;
  /** Kubeflow's page of a published version. */
  versionUrl?(published: PublishStepResult): string | undefined;
  /** Kubeflow's page of a run. */
  runUrl?(run: RunStepResult): string | undefined;
}

const STATES = {
  pending: 'running',
  running: 'running',
  succeeded: 'succeeded',
  failed: 'failed',
  stopped: 'stopped',
  unknown: 'unknown',
} as const satisfies Record<WorkflowResult['phase'], Build['state']>;

/** The state of a build whose workflow is in this phase. */
export function buildState(phase: WorkflowResult['phase']): Build['state'] {
  return STATES[phase];
}

/** A build with what its workflow says now. What a workflow said that is cleaned up by now, stays. */
export function withResult(build: Build, result: WorkflowResult, links: ResultLinks): Build {
  if (result.phase === 'unknown')
    return hasEnded(build)
      ? build
      : { ...omit(build, 'stopping'), state: 'unknown', rows: build.rows.map(lost) };
  const { startedAt, finishedAt, problem, nextStep, tags } = result;
  return {
    ...omit(build, 'stopping', 'tagWarnings'),
    state: buildState(result.phase),
    ...(result.stopping === true && { stopping: true }),
    workflow: { ...build.workflow, name: result.name },
    ...(startedAt && { startedAt: startedAt.toISOString() }),
    ...(finishedAt && { finishedAt: finishedAt.toISOString() }),
    rows: rowsOf(result, links).map((row) => withCause(row, build.rows)),
    ...(tags && tags.warnings.length > 0 && { tagWarnings: tags.warnings.map(links.redact) }),
    ...(result.publish && publishedOf(result.publish, links)),
    ...(result.run && runOf(result.run, links)),
    ...(problem !== undefined && { text: links.redact(problem) }),
    ...(nextStep !== undefined && { nextStep: links.redact(nextStep) }),
  };
}

function rowsOf(result: WorkflowResult, links: ResultLinks): StepRow[] {
  const { images, tags, compile, publish, run } = result;
  return [
    ...images.map((image) => ({ ...rowOf(image.name, 'image', image, links), ...imageOf(image) })),
    ...(tags ? [rowOf('tag', 'tag', tags, links)] : []),
    ...(compile ? [rowOf('compile', 'compile', compile, links)] : []),
    ...(publish ? [rowOf('publish', publish.publishes ? 'publish' : 'pin', publish, links)] : []),
    ...(run ? [rowOf('run', 'run', run, links)] : []),
  ];
}

function rowOf(name: string, kind: StepRow['kind'], step: StepResult, links: ResultLinks): StepRow {
  const { state, startedAt, finishedAt, failure, waiting } = step;
  const logUrl = links.logUrl?.(step);
  const tail = failure?.lastLines;
  return {
    name,
    kind,
    state,
    ...(startedAt && { startedAt: startedAt.toISOString() }),
    ...(finishedAt && { finishedAt: finishedAt.toISOString() }),
    ...(failure && { failure: shownFailure(failure, links) }),
    ...(tail !== undefined && { tail: links.redact(tail) }),
    ...(waiting && { waiting: links.redact(waiting.reason) }),
    ...(logUrl !== undefined && { logUrl }),
  };
}

/** What a step wrote can be in each of its texts. */
function shownFailure(failure: Failure, { redact }: ResultLinks): NonNullable<StepRow['failure']> {
  const { reason, nextStep, location, excerpt } = failure;
  return {
    ...omit(failure, 'lastLines', 'instruction'),
    reason: redact(reason),
    nextStep: redact(nextStep),
    ...(location && { location: { ...location, file: redact(location.file) } }),
    ...(excerpt !== undefined && { excerpt: redact(excerpt) }),
  };
}

function imageOf({ repository, digest, revision, buildsOn, failedBase }: ImageResult): Partial<StepRow> {
  return {
    ...(digest !== undefined && { reference: `${repository}@${digest}` }),
    ...(revision !== undefined && { revision }),
    ...(buildsOn && { buildsOn }),
    ...(failedBase !== undefined && { failedBase }),
  };
}

/**
 * A step that had no time left before its pod started: Argo keeps nothing of what it waited for. The comment has told
 * it, and keeps it, so that a repetition reports the same.
 */
function withCause(row: StepRow, before: readonly StepRow[]): StepRow {
  const { name, kind, failure, tail } = row;
  const waiting = before.find((each) => each.name === name && each.kind === kind)?.waiting;
  if (failure?.kind !== 'deadline' || tail !== undefined || waiting === undefined) return row;
  const reason = `it did not start in time: ${waiting}`;
  return {
    ...row,
    waiting,
    failure: { ...failure, reason, nextStep: 'fix that, then write the command again' },
  };
}

/** Nothing where there is no Kubeflow Pipelines to publish it in. */
function publishedOf(publish: PublishStepResult, links: ResultLinks): Pick<Build, 'published'> {
  const { version, versionId, images, warnings } = publish;
  const schedules = scheduleLines(publish.schedules).map((text) => links.redact(text));
  if (version === undefined || versionId === undefined) return {};
  const versionUrl = links.versionUrl?.(publish);
  return {
    published: {
      version,
      ...(versionUrl !== undefined && { versionUrl }),
      pinned: images?.pinned.map(({ name, reference }) => `${name} → ${reference}`) ?? [],
      notPinned: images ? notPinned(images).map((text) => links.redact(text)) : [],
      warnings: warnings.map((text) => links.redact(text)),
      ...(schedules.length > 0 && { schedules }),
    },
  };
}

function notPinned({ suspicious, dynamic, unused }: NonNullable<PublishStepResult['images']>): string[] {
  return [
    ...suspicious.map(({ executor, image, near }) => {
      const hint = near === undefined ? '' : `; did its author mean \`${near}\`?`;
      return `\`${executor}\` has the image \`${image}\`, which isn’t one of this build’s images${hint}`;
    }),
    ...dynamic.map((executor) => `\`${executor}\` takes its image from a parameter`),
    ...(unused.length > 0 ? [unusedText(unused)] : []),
  ];
}

/** One line for all: a pipeline may use few of many images. */
function unusedText(images: readonly string[]): string {
  const names = images.map((image) => `\`${image}\``);
  return `no step of the pipeline uses ${enumerateFirst(names, NAMED_IMAGES)}`;
}

const NAMED_IMAGES = 5;

function runOf(run: RunStepResult, links: ResultLinks): Pick<Build, 'run'> {
  if (run.runId === undefined) return {};
  const url = links.runUrl?.(run);
  const note = noteOf(run);
  return {
    run: {
      id: run.runId,
      ...(url !== undefined && { url }),
      ...(note !== undefined && { note: links.redact(note) }),
      ...(run.outputs && { outputs: shownOutputs(run.outputs, links) }),
    },
  };
}

/** Names and addresses come from code of the repository. */
function shownOutputs(outputs: RunOutputs, { redact }: ResultLinks): RunOutputs {
  if ('unknown' in outputs) return { unknown: redact(outputs.unknown) };
  const { metrics, artifacts, base } = outputs;
  const step = (of: { readonly step?: string }): { readonly step?: string } =>
    of.step === undefined ? {} : { step: redact(of.step) };
  return {
    ...outputs,
    metrics: metrics.map((metric) => ({ ...metric, ...step(metric), name: redact(metric.name) })),
    artifacts: artifacts.map((artifact) => ({
      ...artifact,
      ...step(artifact),
      type: redact(artifact.type),
      name: redact(artifact.name),
      uri: redact(artifact.uri),
    })),
    ...(base && { base: { ...base, ...(base.unknown !== undefined && { unknown: redact(base.unknown) }) } }),
  };
}

function noteOf({ continued, notContinued }: RunStepResult): string | undefined {
  if (continued) return 'It had failed before, and continued.';
  return notContinued === undefined
    ? undefined
    : `This run is new, because the failed run can't continue: ${notContinued.replace(/\.$/, '')}.`;
}

/** Of a step that ran when its workflow was last seen. */
function lost(row: StepRow): StepRow {
  return row.state === 'running' || row.state === 'pending' ? { ...row, state: 'stopped' } : row;
}
