import { asRecord, parseRecord, recordOf, type JsonRecord } from '../../common/json.js';
import { cutEnd } from '../../schema/cut.js';
import { isDigest } from '../../schema/digest.js';
import type { ScheduleChanges } from './schedule-changes.js';
import { parseRunOutputs, type RunOutputs } from './run-outputs.js';

/** What happened to the images of a compiled pipeline, for an answer: once for steps that share it; long lists are cut. */
export interface PinSummary {
  /** Images that are pinned now or were already, with the number of steps that have them. */
  readonly pinned: readonly { readonly name: string; readonly reference: string; readonly steps: number }[];
  /** Steps whose image is most likely mistyped. */
  readonly suspicious: readonly {
    readonly executor: string;
    readonly image: string;
    readonly near?: string;
  }[];
  /** Steps whose image a parameter decides. */
  readonly dynamic: readonly string[];
  /** Names of built images that no step has. */
  readonly unused: readonly string[];
  /** How many steps have an image from elsewhere. */
  readonly others: number;
  /** How many entries were cut off the lists. */
  readonly omitted: number;
}

/**
 * Begins the line with which the step that runs the pipeline logs what the run waits for: `waiting: <why>; <what to do>`.
 * It holds until another line follows.
 */
export const RUN_WAITS = 'waiting: ';

/** The output `result` of the step that publishes. */
export interface PublishOutput {
  readonly images: PinSummary;
  /** Absent without Kubeflow Pipelines. */
  readonly pipeline_id?: string;
  readonly version_id?: string;
  readonly version: string;
  readonly warnings: readonly string[];
  /** Absent where none were applied. */
  readonly schedules?: ScheduleChanges;
}

/** The output `result` of the step that runs the pipeline. */
export interface RunOutput {
  readonly run_id: string;
  readonly experiment_id: string;
  readonly pipeline_id: string;
  readonly version_id: string;
  /** Name of the version. */
  readonly version: string;
  /** How it ended, or was when it was left: https://www.kubeflow.org/docs/components/pipelines/reference/api/ */
  readonly state: string;
  readonly message?: string;
  /** Arguments that the pipeline does not declare. */
  readonly ignored: readonly string[];
  /** It had failed before, and continued. */
  readonly continued?: boolean;
  /** Why the run that had failed before couldn't continue, so that this one is new. */
  readonly not_continued?: string;
  /** What it produced, where the step is to look. */
  readonly outputs?: RunOutputs;
}

/** The output `tags` of the step that tags images which were not built. */
export interface TagOutput {
  /** In the plan's order. */
  readonly images: readonly { readonly name: string; readonly result: TagResult }[];
  readonly bases: readonly { readonly name: string; readonly result: BaseResult }[];
}

/** What became of a tag. `skipped`: why it isn't there, a sentence without its full stop. */
export type TagResult =
  'tagged' | 'already' | { readonly skipped: string; /** Where it is known. */ readonly cause?: SkipCause };

/** `login`: no permission to push · `immutable`: the registry changes no tags · `gone`: the image was deleted. */
export type SkipCause = (typeof SKIP_CAUSES)[number];

const SKIP_CAUSES = ['login', 'immutable', 'gone'] as const;

/**
 * Whether a base image's tag still has the digest of the plan. `other`: the digest that it has now · `unknown`: why the
 * registry did not say, a sentence without its full stop.
 */
export type BaseResult = 'same' | 'absent' | { readonly other: string } | { readonly unknown: string };

/** @returns undefined where it is no such output */
export function parseTagOutput(text: string): TagOutput | undefined {
  const value = parseRecord(text) ?? {};
  if (!Array.isArray(value.images) || !Array.isArray(value.bases)) return undefined;
  return {
    images: list(value.images).map(({ name, result }) => ({ name: textOf(name), result: tagResult(result) })),
    bases: list(value.bases).map(({ name, result }) => ({ name: textOf(name), result: baseResult(result) })),
  };
}

function tagResult(value: unknown): TagResult {
  if (value === 'tagged' || value === 'already') return value;
  const { skipped, cause } = recordOf(value);
  const known = SKIP_CAUSES.find((each) => each === cause);
  return { skipped: textOf(skipped), ...(known && { cause: known }) };
}

function baseResult(value: unknown): BaseResult {
  if (value === 'same' || value === 'absent') return value;
  const { other, unknown } = recordOf(value);
  return typeof other === 'string' && isDigest(other) ? { other } : { unknown: textOf(unknown) };
}

/** @returns undefined where it is no such output; a node that failed early has none */
export function parsePublishOutput(text: string): PublishOutput | undefined {
  const value = parseRecord(text) ?? {};
  const { version, pipeline_id: pipelineId, version_id: versionId } = value;
  if (typeof version !== 'string') return undefined;
  const schedules = asRecord(value.schedules);
  return {
    images: pinSummary(recordOf(value.images)),
    version: textOf(version),
    ...(typeof pipelineId === 'string' && { pipeline_id: textOf(pipelineId) }),
    ...(typeof versionId === 'string' && { version_id: textOf(versionId) }),
    warnings: texts(value.warnings),
    ...(schedules && { schedules: scheduleChanges(schedules) }),
  };
}

function scheduleChanges({ created, replaced, kept, removed }: JsonRecord): ScheduleChanges {
  return { created: texts(created), replaced: texts(replaced), kept: texts(kept), removed: texts(removed) };
}

/** @returns undefined where it is no such output: no run was begun */
export function parseRunOutput(text: string): RunOutput | undefined {
  const value = parseRecord(text) ?? {};
  const { run_id: runId, message, state, not_continued: notContinued } = value;
  const outputs = parseRunOutputs(value.outputs);
  if (typeof runId !== 'string' || typeof state !== 'string') return undefined;
  return {
    run_id: textOf(runId),
    experiment_id: textOf(value.experiment_id),
    pipeline_id: textOf(value.pipeline_id),
    version_id: textOf(value.version_id),
    version: textOf(value.version),
    state: textOf(state),
    ...(typeof message === 'string' && { message: textOf(message) }),
    ignored: texts(value.ignored),
    ...(value.continued === true && { continued: true }),
    ...(typeof notContinued === 'string' && { not_continued: textOf(notContinued) }),
    ...(outputs && { outputs }),
  };
}

function pinSummary({ pinned, suspicious, dynamic, unused, others, omitted }: JsonRecord): PinSummary {
  return {
    pinned: list(pinned).map(({ name, reference, steps }) => ({
      name: textOf(name),
      reference: textOf(reference),
      steps: numberOf(steps),
    })),
    suspicious: list(suspicious).map(({ executor, image, near }) => ({
      executor: textOf(executor),
      image: textOf(image),
      ...(typeof near === 'string' && { near: textOf(near) }),
    })),
    dynamic: texts(dynamic),
    unused: texts(unused),
    others: numberOf(others),
    omitted: numberOf(omitted),
  };
}

/** Of a list, and of a text: a pipeline decides how long they are. */
const MOST = 1000;
const LONGEST = 2000;

function list(value: unknown): readonly JsonRecord[] {
  return items(value).map(recordOf);
}

function texts(value: unknown): readonly string[] {
  return items(value)
    .filter((each) => typeof each === 'string')
    .map(textOf);
}

function items(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value.slice(0, MOST) : [];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? cutEnd(value.replace(/\p{Surrogate}/gu, '\ufffd'), LONGEST) : '';
}

function numberOf(value: unknown): number {
  return Number.isSafeInteger(value) && (value as number) > 0 ? (value as number) : 0;
}
