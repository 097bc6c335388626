import type { Diagnostic } from '../../schema/diagnostic.js';
import { fileUrlPath } from '../../schema/url-path.js';
import { validTexts } from '../../schema/valid-text.js';
import { escapeMarkdown, plainLines } from '../../templates/escape.js';
import { renderMarkdown } from '../../templates/render.js';
import { formatCount } from '../../templates/units.js';
import type { Annotation, CheckReport } from '../ports.js';
import { fit, LEVELS } from './fit.js';
import type { Build, Reply } from './state.js';
import { replyHeading, stepsView, type RenderContext } from './view.js';
import { headline } from './words.js';

/** Places in files that are marked: each 50 are a write to GitHub. */
const MOST_ANNOTATIONS = 200;
/** GitHub takes 65,535. */
const MAX_SUMMARY = 60_000;

const STATES = {
  accepted: 'queued',
  running: 'running',
  succeeded: 'success',
  failed: 'failure',
  stopped: 'cancelled',
  refused: 'failure',
  // Neither good nor bad: the outcome is unknown.
  unknown: 'neutral',
} as const satisfies Record<Build['state'], CheckReport['state']>;

/**
 * What the check of a build's commit shows.
 *
 * @param diagnostics - what is wrong with the repository's files, where that is known
 */
export function checkReport(
  given: Build,
  context: RenderContext,
  diagnostics: readonly Diagnostic[] = [],
): CheckReport {
  const build = validTexts(given);
  const { request, startedAt, finishedAt, workflow } = build;
  const annotations = [...validTexts(diagnostics).flatMap(ofDiagnostic), ...build.rows.flatMap(ofRow)];
  return {
    commit: request.commit,
    externalId: String(request.commentIds[0] ?? ''),
    state: checkState(build),
    title: plainLines(headline(build).text),
    summary: summary(build, context, annotations.length - MOST_ANNOTATIONS),
    annotations: annotations.slice(0, MOST_ANNOTATIONS),
    ...(workflow?.url !== undefined && { url: workflow.url }),
    ...(startedAt !== undefined && { startedAt: new Date(startedAt) }),
    ...(finishedAt !== undefined && { finishedAt: new Date(finishedAt) }),
  };
}

/**
 * A build's check, which says what the comment would where GitHub takes no comment.
 *
 * @param unwritten - what people would see of the comment; undefined where it is written
 */
export function withComment(report: CheckReport, unwritten: string | undefined): CheckReport {
  return unwritten === undefined ? report : { ...report, summary: `${LOCKED}\n\n${unwritten}` };
}

/** The check that gives the answer to a command where GitHub takes no comment. Neutral: it judges no commit. */
export function answerReport(reply: Reply, commit: string): CheckReport {
  return {
    kind: 'answer',
    commit,
    externalId: String(reply.commentId),
    state: 'neutral',
    title: plainLines(replyHeading(reply)),
    summary: `${reply.markdown.trim()}\n\n${LOCKED}`,
    annotations: [],
  };
}

const LOCKED =
  '_The conversation of this pull request is locked, and GitHub accepts no comments there. Unlock it to get replies as comments._';

/** What a build's state is for a check. */
export function checkState({ state }: Build): CheckReport['state'] {
  return STATES[state];
}

/** @param unmarked - how many places in files are not marked there; none below 1 */
function summary(build: Build, context: RenderContext, unmarked: number): string {
  let text = '';
  for (const limits of LEVELS) {
    const [kept = build] = fit({ builds: [build], approved: [] }, limits).builds;
    const lines = kept.text?.includes('\n') ?? false;
    text = renderMarkdown('check', {
      ...stepsView(kept, context),
      messages: lines ? kept.text : undefined,
      problem: lines ? undefined : kept.text,
      nextStep: kept.nextStep,
      unmarked:
        unmarked > 0
          ? `${MOST_ANNOTATIONS} places are marked in the files; ${formatCount(unmarked, 'further one')} ${unmarked === 1 ? 'is' : 'are'} not.`
          : undefined,
    })
      .replace(/\n{3,}/g, '\n\n')
      .trim();
    if (text.length <= MAX_SUMMARY) break;
  }
  return text === '' ? escapeMarkdown(headline(build).text) : text;
}

function ofDiagnostic({ file, line, severity, code, message, hint }: Diagnostic): Annotation[] {
  // An argument is no file, and without a line there is nothing to show it at.
  if (file === undefined || line === undefined || file.startsWith('-')) return [];
  const level = severity === 'error' ? 'failure' : 'warning';
  return annotation(file, line, level, code, hint === undefined ? message : `${message}\n${hint}`);
}

function ofRow({ name, failure }: Build['rows'][number]): Annotation[] {
  if (!failure?.location) return [];
  const { file, line } = failure.location;
  return annotation(file, line, 'failure', `${name} failed`, `${failure.reason}\n${failure.nextStep}`);
}

/** Plain text: GitHub shows it as it is. What is no file of the repository has no line there. */
function annotation(
  file: string,
  line: number,
  level: Annotation['level'],
  title: string,
  message: string,
): Annotation[] {
  if (fileUrlPath(file) === undefined) return [];
  return [{ path: plainLines(file), line, level, title: plainLines(title), message: plainLines(message) }];
}
