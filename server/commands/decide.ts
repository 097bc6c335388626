import { KubernetesError } from '../../argo/client/errors.js';
import type { PullRequestWorkflow } from '../../argo/workflows/find-workflows.js';
import { commitFinder, type CommitFinder } from '../builds/commit-finder.js';
import { madeWorkflow } from '../builds/made-workflow.js';
import { isRecorded, reactionOf, startsOf } from '../builds/pick-ups.js';
import { wasHandled } from '../comment/locked.js';
import type { ConversationState } from '../comment/state.js';
import { buildOf, hasEnded } from '../comment/transitions.js';
import { commandCode } from '../comment/view.js';
import type { ServerContext, Work } from '../context.js';
import { buildsForks } from '../rules/repository-settings.js';
import type { AuthorFacts } from './authorise.js';
import type { CommandComment, CommentGroup } from './command-comment.js';
import type { ParsedComment } from './parse/parse.js';
import { decide } from './policy.js';
import type { ReplyTarget } from './reply.js';
import { readsFiles } from './verb-table.js';

/** A comment, and the facts about its author. */
export type ScreenedComment = CommandComment & { readonly facts: AuthorFacts };

/** The pull request and its conversation, as they were read for the decision. */
export interface Situation extends ReplyTarget {
  readonly conversation: ConversationState;
}

/** Comments whose command runs once for all of them. */
export interface AllowedGroup {
  /** Full commit id. */
  readonly commit: string;
  /** How often the command was started before without an end. */
  readonly starts: number;
  readonly group: CommentGroup;
}

/** Comments that are refused for one reason. */
export interface RefusedGroup {
  readonly reason: string;
  readonly nextStep: string;
  readonly group: CommentGroup;
  /** The author has no permission to command, or GitHub doesn't say whether they have. */
  readonly isStranger: boolean;
  /** Another replica may run the same command. */
  readonly isContended: boolean;
}

/** What to do with one comment. */
type Verdict =
  /** `reaction`: the command has its reply already, only the reaction may be missing. */
  | { readonly kind: 'ignore'; readonly why: string; readonly reaction?: 'rocket' | '-1' }
  | { readonly kind: 'postpone'; readonly why: string }
  | { readonly kind: 'refuse'; readonly reason: string; readonly nextStep: string; readonly stranger?: true }
  | { readonly kind: 'allow'; readonly commit: string; readonly starts: number; readonly recorded: number };

/** The verdicts on comments with the same command, grouped. */
export interface Verdicts {
  readonly allowed: readonly AllowedGroup[];
  readonly refused: readonly RefusedGroup[];
  readonly ignored: readonly {
    readonly comment: CommandComment;
    readonly why: string;
    readonly reaction?: 'rocket' | '-1';
  }[];
  readonly postponed: readonly { readonly comment: CommandComment; readonly why: string }[];
}

/** The branch moved, so the commit that a late command meant is unknown. */
const MOVED = {
  kind: 'refuse',
  reason:
    'The branch moved since this command was written, or GitHub does not say when it moved: the commit that was meant is not known.',
  nextStep: 'Comment again.',
} as const;

/** A line that looks like a command was skipped. */
const HINT = {
  kind: 'refuse',
  nextStep: 'Write it at the start of a line, outside code blocks and lists.',
} as const;

/** A skipped line isn't explained where a command would be refused. */
const NO_HINT = { kind: 'ignore', why: 'it holds no command, and one would be refused' } as const;

/**
 * Decides what to do with each comment, and groups those with the same verdict.
 *
 * @throws GitHubError, KubernetesError
 */
export async function decideComments(
  context: ServerContext,
  situation: Situation,
  parsed: ParsedComment,
  comments: readonly ScreenedComment[],
  work: Work,
): Promise<Verdicts> {
  const commits = commitFinder(context.github, situation.pullRequest, situation.conversation);
  const allowed = new Map<string, { commit: string; starts: number; group: Group }>();
  const refused = new Map<string, Omit<RefusedGroup, 'group'> & { group: Group }>();
  const ignored: Verdicts['ignored'][number][] = [];
  const postponed: Verdicts['postponed'][number][] = [];
  for (const comment of comments) {
    const verdict = await decideComment({ context, situation, parsed, commits, work }, comment);
    switch (verdict.kind) {
      case 'ignore':
        ignored.push({ ...verdict, comment });
        break;
      case 'postpone':
        postponed.push({ ...verdict, comment });
        break;
      case 'refuse': {
        const { reason, nextStep } = verdict;
        const isStranger = verdict.stranger === true;
        // A replica to which GitHub tells the permission may run the command at this moment.
        const isContended =
          parsed.command !== undefined && (!isStranger || comment.facts.permission === 'unknown');
        join(refused, reason, comment, { reason, nextStep, isStranger, isContended });
        break;
      }
      case 'allow': {
        // Comments that were recorded together before a restart stay together.
        const { commit, starts, recorded } = verdict;
        join(allowed, `${recorded} ${commit} ${starts}`, comment, { commit, starts });
      }
    }
  }
  return { allowed: [...allowed.values()], refused: [...refused.values()], ignored, postponed };
}

type Group = [CommandComment, ...CommandComment[]];

function join<T>(
  groups: Map<string, T & { group: Group }>,
  key: string,
  comment: CommandComment,
  value: T,
): void {
  const known = groups.get(key);
  if (known) known.group.push(comment);
  else groups.set(key, { ...value, group: [comment] });
}

interface DecisionInput {
  readonly context: ServerContext;
  readonly situation: Situation;
  readonly parsed: ParsedComment;
  readonly commits: CommitFinder;
  readonly work: Work;
}

async function decideComment(input: DecisionInput, screened: ScreenedComment): Promise<Verdict> {
  const { context, situation, parsed, commits, work } = input;
  const { conversation, pullRequest, ref } = situation;
  const { command, problem = '', hint } = parsed;
  const { prefix } = context.render;
  const { comment } = screened.placed;
  const reaction = reactionOf(conversation, comment.id);
  if (reaction) return { kind: 'ignore', why: 'it was answered before', reaction };
  if (
    screened.found &&
    pullRequest &&
    (await wasHandled(context.github, pullRequest, conversation, comment.id))
  )
    return { kind: 'ignore', why: 'this command or a later one was handled before' };

  // A replica ended right after it had created the workflow: the command continues with it, whatever came after. The
  // record may be lost, where the other replica wrote at the same time; strangers cost nothing.
  const readMade = (): Promise<PullRequestWorkflow | undefined> =>
    madeWorkflow(context, ref, [comment.id], work);
  const over = await endedUnmade(conversation, comment.id, readMade);
  if (over) return over;

  const fixed = await commits.fixed(comment, screened.head);
  const verdict = decide({
    ...screened.facts,
    ...(command && { command }),
    pullRequest,
    forks: buildsForks(context.settings, ref.repository),
    approved: conversation.approved,
    ...(prefix !== undefined && { prefix }),
    ...(fixed !== undefined && { commit: fixed }),
  });
  if (verdict.kind === 'ignore') return verdict;
  if (hint !== undefined) return verdict.kind === 'refuse' ? NO_HINT : { ...HINT, reason: hint };
  let made: PullRequestWorkflow | undefined;
  if (verdict.kind === 'refuse') {
    const mayBeMade = !verdict.stranger || buildOf(conversation, comment.id) !== undefined;
    made = mayBeMade ? await readMade() : undefined;
    if (!made) {
      // GitHub told the permission to the replica that has started the command.
      const isElsewhere = screened.facts.permission === 'unknown' && isRecorded(conversation, comment.id);
      return isElsewhere ? { kind: 'postpone', why: 'GitHub does not say who may command' } : verdict;
    }
  }
  if (!command)
    return {
      kind: 'refuse',
      reason: problem,
      nextStep: `Write ${commandCode('help', prefix)} to see all commands.`,
    };

  // The checks of another head say nothing about what was handled.
  const isDoubtful = screened.found === true && pullRequest?.locked === true;
  const head = fixed ?? (await commits.unmoved(comment, isDoubtful || readsFiles(command)));
  const commit = head ?? (made ?? (await readMade()))?.commit;
  if (!commit) return MOVED;
  const recorded = buildOf(conversation, comment.id)?.request.commentIds[0] ?? 0;
  return { kind: 'allow', commit, starts: startsOf(conversation, comment.id), recorded };
}

/** A build that ended before it had a workflow has said why: it isn't tried again, only its reaction may be missing. */
async function endedUnmade(
  conversation: ConversationState,
  commentId: number,
  readMade: () => Promise<PullRequestWorkflow | undefined>,
): Promise<Verdict | undefined> {
  const build = buildOf(conversation, commentId);
  if (!build || build.workflow || !hasEnded(build)) return undefined;
  try {
    if (await readMade()) return undefined;
  } catch (error) {
    if (!(error instanceof KubernetesError)) throw error;
    return { kind: 'postpone', why: 'the cluster does not say whether the build has a workflow' };
  }
  return { kind: 'ignore', why: 'its build ended before', reaction: '-1' };
}
