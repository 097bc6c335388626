import { formatDuration } from '../../common/duration.js';
import { unchangedText } from '../../generator/reuse/reason-text.js';
import type { NamedStep, StepResult, StepState, WorkflowResult } from '../../generator/results/result.js';
import type { Paint, Style } from '../../templates/style.js';

/** How a state is shown: a mark in front, a word behind. */
export interface Look {
  readonly mark: string;
  readonly word: string;
  readonly paint: Paint;
}

/** @returns how to show the state of a step */
export function lookOf(state: StepState, style: Style): Look {
  switch (state) {
    case 'succeeded':
      return { mark: '✓', word: 'succeeded', paint: style.green };
    case 'running':
      return { mark: '▸', word: 'running', paint: style.cyan };
    case 'failed':
      return { mark: '✗', word: 'failed', paint: style.red };
    case 'stopped':
      return { mark: '✗', word: 'stopped', paint: style.yellow };
    case 'omitted':
      return { mark: '-', word: 'not run', paint: style.dim };
    case 'reused':
      return { mark: '↺', word: 'reused', paint: style.dim };
    case 'pending':
      return { mark: '·', word: 'waiting', paint: style.dim };
  }
}

/** The word for a step's state: an image that is left out is `not built`. */
export function wordOf({ step }: NamedStep, style: Style): string {
  return step.state === 'omitted' && step.repository !== undefined
    ? 'not built'
    : lookOf(step.state, style).word;
}

/** @returns how to show how far a workflow is */
export function lookOfPhase(phase: WorkflowResult['phase'], style: Style): Look {
  return phase === 'unknown' ? { mark: '?', word: 'unknown', paint: style.yellow } : lookOf(phase, style);
}

/** How long something took, or has taken by `now`; '' where it has not begun or never will. */
export function timeOf(
  { startedAt, finishedAt, ...rest }: Pick<StepResult, 'startedAt' | 'finishedAt'> & { state?: StepState },
  now: number,
): string {
  // Argo gives an omitted step times, too.
  if (startedAt === undefined || rest.state === 'omitted') return '';
  return formatDuration((finishedAt?.getTime() ?? now) - startedAt.getTime());
}

/** What there is to say of a step in addition to its state, in one line: its image, or why it failed, waits or was left out. */
export function remarkOf({ step }: NamedStep): string {
  if (step.failure) return step.failure.reason;
  if (step.waiting) return step.waiting.reason;
  if (step.failedBase !== undefined) return `${step.failedBase} failed`;
  if (step.state === 'reused') return reusedText(step);
  if (step.digest === undefined) return '';
  return step.task === undefined ? `there already, ${step.digest}` : step.digest;
}

/** Since when it is unchanged, and its digest. */
function reusedText({ revision, digest }: NamedStep['step']): string {
  return [unchangedText(revision), ...(digest === undefined ? [] : [digest])].join(', ');
}
