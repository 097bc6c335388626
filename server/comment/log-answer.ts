import { enumerateFirst } from '../../common/enumerate.js';
import type { NamedStep, StepState } from '../../generator/results/result.js';
import { renderMarkdown } from '../../templates/render.js';
import { lastLines } from './cut.js';
import { commandCode } from './view.js';

/** Lines of a log that an answer shows, and characters of each. */
const [LINES, LINE] = [100, 300];
/** Characters of all lines: the answer then fits next to a build with many rows. */
const CHARACTERS = 11_000;
/** Steps that are named of each state. */
const NAMED = 20;

/** What the answer to `/logs` says of the workflow. */
export interface LoggedWorkflow {
  readonly workflow: string;
  /** `settings.server.command_prefix` */
  readonly prefix: string | undefined;
}

/**
 * The answer with the end of a step's log.
 *
 * @param log - with its secrets masked
 */
export function renderLog({ label, step }: NamedStep, log: string, { workflow }: LoggedWorkflow): string {
  const { text, count } = shownEnd(log);
  const doing = DOING[step.state];
  const soFar = step.state === 'running' ? ' so far' : '';
  const lines = count === 1 ? `The last line of ${label}` : `The last ${count} lines of ${label}`;
  return tidy(
    renderMarkdown('log-answer', {
      text:
        count === 0
          ? `\`${label}\` ${doing} and printed nothing${soFar}.`
          : `\`${label}\` ${doing}. ${count === 1 ? 'The last line' : `The last ${count} lines`} of its log${soFar}:`,
      groups: [],
      log: count === 0 ? undefined : { title: lines, text },
      nextStep: `Run \`kfops logs ${workflow} ${label}\` to see all of it.`,
    }),
  );
}

/** The answer where several steps may be meant: their names. */
export function renderLogChoice(steps: readonly NamedStep[], { workflow, prefix }: LoggedWorkflow): string {
  const groups = ORDER.flatMap((state) => {
    const names = steps.filter(({ step }) => step.state === state).map(({ label }) => `\`${label}\``);
    return names.length === 0 ? [] : [`${STATES[state]}: ${enumerateFirst(names, NAMED)}`];
  });
  const [first] = ORDER.flatMap((state) => steps.filter(({ step }) => step.state === state));
  return tidy(
    renderMarkdown('log-answer', {
      text: `The workflow \`${workflow}\` has these steps:`,
      groups,
      log: undefined,
      nextStep: `Name one of them: ${commandCode(`logs ${first?.label ?? 'STEP'}`, prefix)}.`,
    }),
  );
}

/** The last lines that fit. */
function shownEnd(log: string): { readonly text: string; readonly count: number } {
  const lines = lastLines(log, LINES, LINE).split('\n');
  let room = CHARACTERS;
  let first = lines.length;
  for (; first > 0; first -= 1) {
    room -= (lines[first - 1] ?? '').length + 1;
    if (room < 0) break;
  }
  const shown = lines.slice(first);
  const text = shown.join('\n');
  return { text, count: text.trim() === '' ? 0 : shown.length };
}

const ORDER: readonly StepState[] = [
  'failed',
  'running',
  'stopped',
  'succeeded',
  'pending',
  'reused',
  'omitted',
];

const STATES: Readonly<Record<StepState, string>> = {
  failed: 'failed',
  running: 'running',
  stopped: 'stopped',
  succeeded: 'succeeded',
  pending: 'waiting',
  reused: 'reused, without a log',
  omitted: 'not run, without a log',
};

const DOING: Readonly<Record<StepState, string>> = {
  failed: 'failed',
  running: 'is running',
  stopped: 'was stopped',
  succeeded: 'succeeded',
  pending: 'is waiting',
  reused: 'was reused',
  omitted: 'was not run',
};

function tidy(markdown: string): string {
  return markdown.replace(/\n{3,}/g, '\n\n').trim();
}
