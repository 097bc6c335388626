import { stringifyWorkflow } from '../../generator/workflow/stringify.js';
import { sentence } from '../../schema/sentence.js';
import { withoutMarker } from '../../server/comment/marker.js';
import type { EventResult } from '../../server/inbox/pull-request-event.js';
import type { Annotation, CheckReport } from '../../server/ports.js';
import type { DryRunWrite } from '../../server/runtime/dry-run.js';
import { escapeTerminal } from '../../templates/escape.js';
import type { Style } from '../../templates/style.js';
import { logLine } from './log-line.js';

const EMOJI = { eyes: '👀', rocket: '🚀', '-1': '👎' } as const;

/**
 * What would have been written, below a line that says what it is.
 *
 * @param terminal - nothing may move the cursor there; a pipe gets every character as it is
 */
export function dryRunText(one: DryRunWrite, terminal: boolean): string {
  const { title, text } = told(one);
  const body = text === undefined ? '' : `${text.trimEnd()}\n`;
  const whole = `==== ${title} ====\n${body}\n`;
  return terminal ? whole.split('\n').map(logLine).join('\n') : whole;
}

function told(one: DryRunWrite): { readonly title: string; readonly text?: string } {
  switch (one.kind) {
    case 'reaction':
      return { title: `reaction ${EMOJI[one.reaction]} on comment ${one.commentId}` };
    case 'comment': {
      const { change, body, pullRequest } = one;
      const { owner, name } = pullRequest.repository;
      return {
        title: `comment on ${owner}/${name}#${pullRequest.number}, ${change}`,
        text: withoutMarker(body),
      };
    }
    case 'commit comment': {
      const { repository, commit, body } = one;
      return {
        title: `comment on commit ${commit} of ${repository.owner}/${repository.name}`,
        text: withoutMarker(body),
      };
    }
    case 'check':
      return { title: `check of commit ${one.report.commit}`, text: checkText(one.report) };
    case 'object':
      return { title: `object ${one.key}, stored` };
    case 'workflow':
      return {
        title: `workflow ${one.workflow.metadata.name ?? ''}, submitted`,
        text: stringifyWorkflow(one.workflow),
      };
    case 'cluster':
      return { title: one.what };
  }
}

function checkText({ state, title, summary, annotations }: CheckReport): string {
  return [`${state}: ${title}`, '', summary, ...annotations.map(annotationText)].join('\n');
}

function annotationText({ path, line, level, title, message }: Annotation): string {
  return `${path}:${line} ${level} ${title}\n  ${message.split('\n').join('\n  ')}`;
}

/** Fields of a log's line that stand elsewhere in it. */
const PLACED = new Set(['level', 'time', 'msg', 'err']);

/** A line of the server's log for people: level, message, and its fields behind it. */
export function logText(line: string, style: Style): string {
  const entry = JSON.parse(line) as Readonly<Record<string, unknown>>;
  const { level, msg, err } = entry;
  const colour = level === 'error' ? style.red : level === 'warn' ? style.yellow : style.dim;
  const fields = Object.entries(entry).flatMap(([key, value]) =>
    PLACED.has(key) || value === undefined ? [] : [`${key}=${fieldText(value)}`],
  );
  const why = (err as { readonly message?: string } | undefined)?.message;
  const text = [String(msg), ...(why === undefined ? [] : [`(${why})`]), ...fields].join(' ');
  return `${colour(String(level).padEnd(5))} ${escapeTerminal(text)}`;
}

function fieldText(value: unknown): string {
  return typeof value === 'string' && !/[\s"=]/.test(value) ? value : JSON.stringify(value);
}

const OUTCOMES: Record<EventResult['outcome'], string> = {
  submitted: 'a workflow was submitted',
  joined: 'the workflow that is there already was joined',
  answered: 'the command was answered',
  refused: 'the command was refused',
  ignored: 'Ignored',
  failed: 'nothing was submitted, and the comment tells why',
  stopped: 'what ran was told to stop',
  noted: 'the comment tells that the head went on',
};

/** The end of it, in a sentence. */
export function handledText({ outcome, why }: EventResult, dryRun: boolean, style: Style): string {
  const what =
    why === undefined
      ? OUTCOMES[outcome]
      : `${OUTCOMES[outcome]}: ${(why.split('\n')[0] ?? '').replace(/:$/, '')}`;
  const mark = outcome === 'failed' ? style.red('✗') : style.green('✓');
  const text = escapeTerminal(sentence(what));
  return `${mark} ${text}${dryRun ? style.dim(' Dry run: nothing was written.') : ''}`;
}
