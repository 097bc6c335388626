import {
  stepsOf,
  type Failure,
  type NamedStep,
  type WorkflowResult,
} from '../../generator/results/result.js';
import { escapeTerminal } from '../../templates/escape.js';
import type { Style } from '../../templates/style.js';
import { logLine } from './log-line.js';
import { publishedLines } from './published-text.js';
import { tagLines } from './tags-text.js';
import { lookOf, lookOfPhase, remarkOf, timeOf, wordOf } from './steps.js';
import { unchangedText } from '../../generator/reuse/reason-text.js';
import { table } from './table.js';

/** Lines of a failed step's log that are shown. */
const LOG_LINES = 12;

/** Adds to the commands of a hint the options that its reader has used. */
type Complete = (hint: string) => string;

/** A whole result for a person: the workflow, a line for each step, the failures with their next steps. */
export function resultText(
  result: WorkflowResult,
  {
    now,
    kfpUrl,
    complete,
  }: {
    readonly now: number;
    /** `kfp.url` of the settings. */
    readonly kfpUrl?: string | undefined;
    readonly complete?: Complete;
  },
  style: Style,
): string {
  const { mark, word, paint } = lookOfPhase(result.phase, style);
  const time = timeOf(result, now);
  const head = `${paint(mark)} ${style.bold(escapeTerminal(result.name))} ${paint(word)}${time === '' ? '' : ` ${result.finishedAt ? 'after' : 'for'} ${time}`}`;
  return [
    head,
    ...stepLines(result, now, style),
    ...publishedLines(result, kfpUrl, style),
    ...tagLines(result, style),
    ...failureLines(result, style, complete),
  ].join('\n');
}

function stepLines(result: WorkflowResult, now: number, style: Style): string[] {
  const steps = stepsOf(result);
  const cells = table(
    [{ max: 40 }, {}, { align: 'right' }],
    steps.map((named) => [escapeTerminal(named.label), wordOf(named, style), timeOf(named.step, now)]),
  );
  const width = Math.max(0, ...cells.map((line) => line.length));
  return steps.map((named, at) => {
    const { mark, paint } = lookOf(named.step.state, style);
    const image = imageOf(named);
    return `  ${paint(mark)} ${(cells[at] ?? '').padEnd(width)}  ${style.dim(image)}`.trimEnd();
  });
}

function imageOf({ step }: NamedStep): string {
  const { repository, digest, state, failedBase } = step;
  if (repository === undefined) return '';
  if (failedBase !== undefined) return escapeTerminal(`${failedBase} failed`);
  const reference = digest === undefined ? repository : `${repository}@${digest}`;
  return escapeTerminal(state === 'reused' ? `${unchangedText(step.revision)}, ${reference}` : reference);
}

/** Why it failed, step by step, then as a whole. Ends without a line break; empty when nothing failed. */
export function failureLines(
  result: WorkflowResult,
  style: Style,
  complete: Complete = (hint) => hint,
): string[] {
  const lines: string[] = [];
  for (const named of stepsOf(result)) {
    const failure = named.step.failure ?? named.step.waiting;
    if (failure === undefined) continue;
    const log = (failure.lastLines ?? '').split('\n').filter((line) => line.trim() !== '');
    lines.push(
      '',
      `${style.red(style.bold(`${escapeTerminal(named.label)}:`))} ${escapeTerminal(placeOf(failure) + remarkOf(named))}`,
      ...(failure.excerpt === undefined
        ? []
        : [style.dim(`  ${failure.location?.line ?? ''} │ ${logLine(failure.excerpt)}`)]),
      ...log.slice(-LOG_LINES).map((line) => style.dim(`  │ ${logLine(line)}`)),
      `  ${style.cyan('→')} ${escapeTerminal(complete(failure.nextStep))}`,
    );
  }
  if (result.problem !== undefined) {
    lines.push('', `${style.yellow('!')} ${escapeTerminal(result.problem)}`);
    if (result.nextStep !== undefined)
      lines.push(`  ${style.cyan('→')} ${escapeTerminal(complete(result.nextStep))}`);
  }
  return lines;
}

/** `pipeline/pipeline.py:21: `; empty where no place is known. */
function placeOf({ location }: Failure): string {
  if (location === undefined) return '';
  const { file, line, column } = location;
  return `${file}:${line}${column === undefined ? '' : `:${column}`}: `;
}
