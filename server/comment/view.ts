import { formatDuration } from '../../common/duration.js';
import { shortCommit } from '../../generator/reuse/reason-text.js';
import type { GitRef } from '../../generator/plan/plan-types.js';
import { fileUrlPath } from '../../schema/url-path.js';
import type {
  BuildView,
  CommentView,
  FailureDetails,
  Link,
  StepCells,
  StepsView,
} from '../../templates/comment-data.js';
import { markdownUrl } from '../../templates/escape.js';
import { formatCount } from '../../templates/units.js';
import { outputsView } from './outputs-view.js';
import { picture } from './picture.js';
import { isTriggerId } from './trigger-id.js';
import type { Build, BuildRequest, ConversationState, Reply, StepRow } from './state.js';
import { headline, isWrongSet, othersText, stateWords } from './words.js';

/** Where the pull request is, and how commands are written there. */
export interface RenderContext {
  /** GitHub's pages: `https://github.com`. */
  readonly web: string;
  readonly repository: { readonly owner: string; readonly name: string };
  /** The pull request's; undefined for a commit that was pushed. */
  readonly number?: number | undefined;
  /** The branch or tag that was pushed. */
  readonly ref?: GitRef | undefined;
  /** `settings.server.command_prefix`. */
  readonly prefix?: string;
}

/** Failures whose next steps are seen without unfolding. */
const FEW = 3;
/** People named with a link to their comment. */
const ASKED = 3;

/** What the comment shows of a state. */
export function commentView(state: ConversationState, context: RenderContext): CommentView {
  const [build, ...earlier] = state.builds;
  const head = build ? headline(build) : undefined;
  const { reply } = state;
  return {
    heading: head
      ? `${head.emoji} ${head.text}`
      : reply
        ? replyHeading(reply)
        : state.pickUps
          ? '⏳ Working on a command'
          : '💤 No commands yet',
    build: build && buildView(build, context),
    reply: reply && {
      heading: build ? replyHeading(reply) : undefined,
      by: { text: reply.by, url: askUrl(reply.commentId, reply.commit, context) },
      isTriggered: isTriggerId(reply.commentId),
      markdown: reply.markdown.trim(),
    },
    history: earlier.map((each) => ({
      ...headline(each),
      command: commandOf(each.request, context),
      commit: commitLink(each.request.commit, context),
      by: each.request.by[0] ?? 'somebody',
      at: day(each.finishedAt ?? each.request.at),
      workflow: workflowOf(each),
    })),
    historyTitle: formatCount(earlier.length, 'earlier build'),
    hints: context.ref ? pushHints(build) : hints(build, context),
  };
}

/** What a reply is, in a few words. */
export function replyHeading({ command, kind }: Reply): string {
  if (kind === 'refusal') return `🚫 ${command === undefined ? 'Not understood' : `${command} was refused`}`;
  return `💬 ${command ?? 'Answer'}`;
}

function buildView(build: Build, context: RenderContext): BuildView {
  const { request, published, run } = build;
  const lines = build.text?.includes('\n') ?? false;
  const refused = build.state === 'refused';
  return {
    command: commandOf(request, context),
    commit: commitLink(request.commit, context),
    askedBy: request.by.slice(0, ASKED).map((text, at) => ({
      text,
      url: askUrl(request.commentIds[at] ?? request.commentIds[0] ?? 0, request.commit, context),
    })),
    isTriggered: request.trigger !== undefined,
    ref: context.ref,
    moreAsked: Math.max(0, request.by.length - ASKED),
    time: timeOfBuild(build),
    workflow: workflowOf(build),
    picture: picture(build),
    ...stepsView(build, context),
    messages:
      build.text !== undefined && (lines || refused)
        ? { title: refused ? undefined : 'Warnings about the repository’s files', text: build.text }
        : undefined,
    problem: lines || refused ? undefined : build.text,
    nextStep: build.nextStep,
    published: published && {
      version: published.version,
      url: safeUrl(published.versionUrl),
      notPinned: published.notPinned,
      warnings: published.warnings,
      schedules: published.schedules?.join('; '),
    },
    run: run && { id: run.id, url: safeUrl(run.url), note: run.note },
    outputs: run?.outputs && outputsView(run.outputs),
    images: imagesByDigest(build),
    headMovedTo: build.headMovedTo === undefined ? undefined : commitLink(build.headMovedTo, context),
  };
}

/** The table of a build's steps, and what failed in them. */
export function stepsView(build: Build, context: RenderContext): StepsView {
  const steps = build.rows.map((row) => cells(row, context));
  return {
    steps,
    logs: steps.some(({ logUrl }) => logUrl !== undefined),
    tagWarnings: build.tagWarnings ?? [],
    others: build.others && `… and ${othersText(build.others)}`,
    ...failuresView(build, context),
  };
}

function cells(row: StepRow, context: RenderContext): StepCells {
  const { name, startedAt, finishedAt, reference, failure, waiting, logUrl } = row;
  const digest = /@(sha256:[0-9a-f]{12})/.exec(reference ?? '')?.[1];
  return {
    name,
    state: stateWords(row),
    time: startedAt !== undefined && finishedAt !== undefined ? duration(startedAt, finishedAt) : '',
    digest,
    unchanged: row.state === 'reused' ? unchangedOf(row, context) : undefined,
    reason: digest === undefined ? (failure?.reason ?? causeOf(row, waiting)) : undefined,
    logUrl: safeUrl(logUrl),
  };
}

/** Why a step waits or was left out. */
function causeOf({ state, failedBase }: StepRow, waiting: string | undefined): string | undefined {
  if (state === 'pending') return waiting;
  return failedBase === undefined ? undefined : `${failedBase} failed`;
}

function unchangedOf({ revision }: StepRow, context: RenderContext): StepCells['unchanged'] {
  return {
    since: revision === undefined ? undefined : commitLink(revision, context, shortCommit(revision)),
  };
}

/** With few failures the next steps are visible; with many everything is folded, since the table has the reasons. */
function failuresView(
  build: Build,
  context: RenderContext,
): Pick<StepsView, 'failures' | 'foldedFailures' | 'foldedTitle'> {
  const failed = build.rows.filter(({ failure }) => failure !== undefined);
  const many = failed.length > FEW;
  const told = many ? failed.filter(({ tail }) => tail !== undefined && tail !== '') : failed;
  const views = told.map((row) => failureOf(row, build, context));
  return {
    failures: many ? [] : views,
    foldedFailures: many ? views : [],
    foldedTitle: `The last lines of ${told.length} that failed`,
  };
}

function failureOf({ name, tail, failure }: StepRow, build: Build, context: RenderContext): FailureDetails {
  const lines = tail === undefined || tail === '' ? 0 : tail.split('\n').length;
  const title = lines === 1 ? `The last line of ${name}` : `The last ${lines} lines of ${name}`;
  return {
    name,
    place: failure && placeOf(failure, build, context),
    nextStep: failure?.nextStep ?? '',
    tail: tail === undefined || tail === '' ? undefined : { title, text: tail },
  };
}

function placeOf(
  { location }: NonNullable<StepRow['failure']>,
  { request }: Build,
  context: RenderContext,
): FailureDetails['place'] {
  if (!location) return undefined;
  const path = fileUrlPath(location.file);
  return {
    text: `${location.file}:${location.line}`,
    url: path && `${repositoryUrl(context)}/blob/${request.commit}/${path}?plain=1#L${location.line}`,
  };
}

/** References in full, for copying: what was pinned where that is known, else what was built. */
function imagesByDigest({ published, rows }: Build): BuildView['images'] {
  const pinned = published?.pinned ?? [];
  if (pinned.length > 0)
    return { title: `${formatCount(pinned.length, 'image')} pinned by digest`, text: pinned.join('\n') };
  const built = rows.flatMap(({ reference }) => (reference === undefined ? [] : [reference]));
  if (built.length === 0) return undefined;
  return { title: `${formatCount(built.length, 'image')} by digest`, text: built.join('\n') };
}

function timeOfBuild({ state, startedAt, finishedAt }: Build): string | undefined {
  if (startedAt === undefined) return undefined;
  if (finishedAt !== undefined) return `took ${duration(startedAt, finishedAt)}`;
  return state === 'running' ? `since ${startedAt.slice(11, 16)} UTC` : undefined;
}

function hints(build: Build | undefined, { prefix }: RenderContext): string {
  const command = (verb: string): string => commandCode(verb, prefix);
  const all = `${command('help')} lists all commands`;
  switch (build?.state) {
    case undefined:
      return all;
    case 'accepted':
    case 'running':
      return `${command('cancel')} stops it · ${all}`;
    case 'succeeded':
      return build.published && !build.run ? `${command('run')} runs it · ${all}` : all;
    case 'failed':
      if (!build.workflow) return `${command('retry')} tries it again · ${all}`;
      return `${command('retry')} runs only what failed · after a push, ${command('build')} starts over · ${all}`;
    case 'stopped':
    case 'unknown':
      return `${command(build.request.verb === 'retry' ? 'build' : build.request.verb)} runs it again · ${all}`;
    case 'refused':
      if (isWrongSet(build)) return `Correct the command and write it again · ${all}`;
      return `Push a fix, then ${command('build')} again · ${all}`;
  }
}

/** Commands are not read in comments on commits. */
function pushHints(build: Build | undefined): string {
  if (build?.state !== 'failed' && build?.state !== 'refused') return '';
  const { workflow } = build;
  const retry = workflow && `\`kfops retry ${workflow.name}\` runs only what failed · `;
  return `${retry ?? ''}push a fix to build again`;
}

/** The prefix of a command: `/`, or `/kfops `. */
export function commandStart(prefix: string | undefined): string {
  return prefix === undefined ? '/' : `/${prefix.replace(/^\//, '')} `;
}

/** A command as people must write it here, as code in Markdown. */
export function commandCode(command: string, prefix: string | undefined): string {
  return `\`${commandStart(prefix)}${command}\``;
}

function commandOf({ verb, images = [], flags }: BuildRequest, { prefix }: RenderContext): string {
  return [`${commandStart(prefix)}${verb}`, ...images, ...flags].join(' ');
}

function workflowOf({ workflow }: Build): BuildView['workflow'] {
  return workflow && { name: workflow.name, url: safeUrl(workflow.url) };
}

function commitLink(commit: string, context: RenderContext, text = commit.slice(0, 12)): Link {
  return { text, url: `${repositoryUrl(context)}/commit/${commit}` };
}

/** Page of the comment that asked for something; of a trigger, the commit that set it off. */
function askUrl(id: number, commit: string | undefined, context: RenderContext): string {
  if (isTriggerId(id) && commit !== undefined) return commitLink(commit, context).url;
  return `${repositoryUrl(context)}/pull/${context.number ?? ''}#issuecomment-${id}`;
}

function repositoryUrl({ web, repository: { owner, name } }: RenderContext): string {
  return `${web.replace(/\/$/, '')}/${encodeURIComponent(owner)}/${encodeURIComponent(name)}`;
}

function safeUrl(url: string | undefined): string | undefined {
  return url === undefined || markdownUrl(url) === '' ? undefined : url;
}

function duration(from: string, to: string): string {
  return formatDuration(Date.parse(to) - Date.parse(from));
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function day(iso: string): string {
  const at = new Date(iso);
  return `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()] ?? ''} ${at.getUTCFullYear()}, ${iso.slice(11, 16)} UTC`;
}
