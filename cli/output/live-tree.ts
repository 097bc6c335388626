import type { NamedStep, WorkflowResult } from '../../generator/results/result.js';
import { stepsOf } from '../../generator/results/result.js';
import { escapeTerminal } from '../../templates/escape.js';
import type { Style } from '../../templates/style.js';
import { logLine } from './log-line.js';
import { lookOf, lookOfPhase, remarkOf, timeOf, wordOf } from './steps.js';
import { cutMiddle } from './table.js';

/** Characters of a step's name that are shown. */
const LONGEST_LABEL = 32;

/** How large a picture may be, in characters. */
export interface Frame {
  readonly columns: number;
  readonly rows: number;
}

/**
 * A workflow as a tree of its steps, each on one line no wider than the terminal: state, name, time, and what there
 * is to say of it, for a running step the last line of its log. Where the terminal is too low for all of them, those
 * that need looking at come first.
 *
 * @param logs - the last line of each running step's log, by task
 */
export function liveTree(
  result: WorkflowResult,
  logs: ReadonlyMap<string, string>,
  now: number,
  { columns, rows }: Frame,
  style: Style,
): string[] {
  const { word, paint } = lookOfPhase(result.phase, style);
  const steps = stepsOf(result);
  const shown = mostTelling(steps, Math.max(1, rows - 3));
  const labels = shown.map(({ label }) => cutMiddle(escapeTerminal(label), LONGEST_LABEL));
  const width = Math.max(0, ...labels.map((label) => Array.from(label).length));
  const hidden = steps.length - shown.length;

  const line = (named: NamedStep, at: number): string => {
    const { step } = named;
    const looks = lookOf(step.state, style);
    const last = hidden === 0 && at === shown.length - 1;
    const lead = `${last ? '└─' : '├─'} `;
    const label = (labels[at] ?? '').padEnd(width);
    const time = timeOf(step, now).padStart(7);
    const log = step.state === 'running' ? logs.get(step.task ?? '') : undefined;
    const remark = log ?? (remarkIn(named, style) || (step.state === 'pending' ? '' : wordOf(named, style)));
    const room = columns - lead.length - 2 - width - time.length - 3;
    const text = room > 3 ? cutEnd(logLine(remark).replace(/\t/g, ' '), room) : '';
    return `${style.dim(lead)}${looks.paint(looks.mark)} ${cutEnd(`${label} ${time}`, columns - 6)}  ${step.state === 'failed' ? style.red(text) : style.dim(text)}`.trimEnd();
  };
  const time = timeOf(result, now);
  const name = cutMiddle(escapeTerminal(result.name), Math.max(1, columns - word.length - time.length - 2));
  return [
    `${style.bold(name)} ${paint(word)} ${time}`.trimEnd(),
    ...shown.map(line),
    ...(hidden > 0 ? [`${style.dim('└─')} ${cutEnd(countOf(steps, shown), columns - 4)}`] : []),
  ];
}

/** What the marks don't say is said in words. */
function remarkIn(named: NamedStep, style: Style): string {
  const remark = remarkOf(named);
  const { state } = named.step;
  return remark !== '' && (state === 'omitted' || state === 'reused')
    ? `${wordOf(named, style)}${state === 'omitted' ? ':' : ','} ${remark}`
    : remark;
}

/**
 * Failed, then running, then stopped ones; then, in their order, as many of the others as there is room for, what is
 * reused last.
 */
function mostTelling(steps: readonly NamedStep[], room: number): readonly NamedStep[] {
  if (steps.length <= room) return steps;
  const rank = ({ step }: NamedStep): number => ['failed', 'running', 'stopped'].indexOf(step.state);
  const first = steps.filter((named) => rank(named) >= 0).sort((a, b) => rank(a) - rank(b));
  const isReused = ({ step }: NamedStep): boolean => step.state === 'reused';
  const others = steps.filter((named) => rank(named) < 0 && !isReused(named));
  const chosen = new Set([...first, ...others, ...steps.filter(isReused)].slice(0, room - 1));
  return steps.filter((named) => chosen.has(named));
}

function countOf(steps: readonly NamedStep[], shown: readonly NamedStep[]): string {
  const hidden = steps.filter((named) => !shown.includes(named));
  const counts = new Map<string, number>();
  for (const { step } of hidden) counts.set(step.state, (counts.get(step.state) ?? 0) + 1);
  const parts = [...counts].map(([state, count]) => `${count} ${state}`);
  return `… ${hidden.length} more: ${parts.join(', ')}`;
}

function cutEnd(text: string, width: number): string {
  const characters = Array.from(text);
  if (characters.length <= width) return text;
  return width < 1 ? '' : `${characters.slice(0, width - 1).join('')}…`;
}
