import type { CommandReply, AuthorisedCommand } from '../builds/authorised-command.js';
import { commitFinder } from '../builds/commit-of.js';
import { hasWorkflow } from '../builds/has-workflow.js';
import {
  answering,
  giveBack,
  isRecorded,
  reactionOf,
  refusing,
  startsOf,
  TakenElsewhere,
} from '../builds/pick-ups.js';
import { noteHead } from '../builds/pull-changes.js';
import { refuses } from '../builds/replies.js';
import type { StateChange } from '../comment/conversations.js';
import { answerByCheck, wasHandled } from '../comment/locked.js';
import type { ConversationState } from '../comment/state.js';
import { buildOf, replied } from '../comment/transitions.js';
import type { Work, ServerContext } from '../context.js';
import type { Comment, PlacedComment, PullRequest, PullRequestRef, Reaction } from '../ports.js';
import { buildsForks } from '../rules/repository-settings.js';
import type { Logger } from '../telemetry/log.js';
import type { CommandOutcome } from '../telemetry/metrics.js';
import { isHandled, authorise, type Known } from './authorise.js';
import { dispatchCommand } from './dispatch.js';
import { writtenCommand } from './parse/command.js';
import { parseCommands } from './parse/parse.js';
import { decide } from './policy.js';

/** A comment, and the log of what told of it. */
export interface CommandComment {
  readonly placed: PlacedComment;
  /** The head when the comment arrived; absent, or undefined, where it's not known. */
  readonly head?: Promise<string | undefined>;
  /** The look at recent comments found it: it may have been handled before. */
  readonly found?: true;
  readonly log: Logger;
}

/** Comments for which the same is done, once. */
interface Allowed {
  readonly commit: string;
  readonly starts: number;
  readonly group: Group;
}

/** A comment, and what the decision on it needs. */
type Allowable = CommandComment & { readonly facts: Known };

/** Comments that are refused for one reason. */
interface Refusal {
  readonly nextStep: string;
  readonly group: Group;
  readonly stranger: boolean;
  /** Another replica may do the same command. */
  readonly isContended: boolean;
}

/** Where it is said. */
interface At {
  readonly ref: PullRequestRef;
  /** Undefined if GitHub doesn't know it. */
  readonly pullRequest: PullRequest | undefined;
}

type Group = [CommandComment, ...CommandComment[]];

/** Why a command found late is not obeyed, and what to do. */
const MOVED = [
  'The branch moved since this command was written, or GitHub does not say when it moved: the commit that was meant is not known.',
  'Comment again.',
] as const;

/** What came of a comment. */
export interface CommandResult {
  readonly outcome: CommandOutcome;
  /** Why it was ignored or refused. */
  readonly why?: string;
  /** Of the comment. */
  readonly commentId: number;
  /** It was not looked at, and must be again. */
  readonly later?: true;
}

/**
 * The line that a comment takes: command → who asks? → was it handled? → 👀 → the verb → 🚀 or 👎. The reaction is the
 * server's memory: a comment that has neither of the two is taken up again after a restart, from here. Comments that ask
 * for the same take it together: each is looked at, and what they ask for is done once.
 *
 * @param asking - comments on one pull request, all with the same command
 * @returns what came of each, in no order
 * @throws GitHubError, or the signal's reason; the comments are found again by the next look at recent ones
 */
export async function runCommands(
  context: ServerContext,
  asking: Readonly<Group>,
  work: Work,
): Promise<readonly CommandResult[]> {
  const { github, settings, metrics } = context;
  const { pullRequest: ref, comment: first } = asking[0].placed;
  const { command_prefix: prefix } = settings.server;
  const { command, problem } = parseCommands(first.body, { prefix });
  if (!command && problem === undefined)
    return asking.map(({ placed }) => ({
      outcome: 'ignored',
      why: 'it holds no command',
      commentId: placed.comment.id,
    }));
  const written = command && writtenCommand(command, prefix);
  const takings: CommandResult[] = [];
  const done = (
    { placed, log }: CommandComment,
    outcome: CommandOutcome,
    why?: string,
    later = false,
  ): void => {
    log.info({ command: written, by: placed.comment.author.login, outcome, why }, 'command');
    metrics.command(command?.verb ?? 'unreadable', outcome);
    takings.push({
      outcome,
      commentId: placed.comment.id,
      ...(why !== undefined && { why }),
      ...(later && { later: true }),
    });
  };

  const known: Allowable[] = [];
  const looks = await Promise.all(
    asking.map(async (one) => ({ one, found: await authorise(context, one.placed) })),
  );
  for (const { one, found } of looks) {
    if ('ignored' in found) done(one, 'ignored', found.ignored);
    else if ('later' in found) done(one, 'ignored', found.later, true);
    else known.push({ ...one, facts: found });
  }
  if (known.length === 0) return takings;

  const [pullRequest, { state: conversation }] = await Promise.all([
    github.pullRequests.read(ref),
    context.conversations.read(ref),
  ]);
  const at: At = { ref, pullRequest };
  /** Those that may be obeyed, together but for those that were recorded before a restart: they go on with their own. */
  const allowed = new Map<string, Allowed>();
  const refused = new Map<string, Refusal>();
  const refuse = (one: Allowable, reason: string, nextStep: string, stranger = false): void => {
    const before = refused.get(reason);
    // A replica that GitHub tells the permission may do at this moment what this one refuses.
    const isContended = command !== undefined && (!stranger || one.facts.permission === 'unknown');
    if (before) before.group.push(one);
    else refused.set(reason, { nextStep, group: [one], stranger, isContended });
  };
  const commitOf = commitFinder(github, pullRequest, conversation);
  for (const one of known) {
    const { comment } = one.placed;
    const reaction = reactionOf(conversation, comment.id);
    if (reaction) {
      react(context, at, [comment], reaction);
      done(one, reaction === '-1' ? 'refused' : 'answered', 'it was answered before');
      continue;
    }
    if (one.found && pullRequest && (await wasHandled(github, pullRequest, conversation, comment.id))) {
      done(one, 'ignored', 'this command or a later one was handled before');
      continue;
    }
    const fixed = await commitOf.fixed(comment, one.head);
    const decision = decide({
      ...one.facts,
      ...(command && { command }),
      pullRequest,
      forks: buildsForks(settings, ref.repository),
      approved: conversation.approved,
      ...(fixed !== undefined && { commit: fixed }),
    });
    // A replica was ended after it had made the workflow: the command goes on with that, whatever came after it.
    const isMade =
      decision.kind === 'refuse' &&
      buildOf(conversation, comment.id) !== undefined &&
      (await hasWorkflow(context, ref, [comment.id], work));
    if (decision.kind === 'ignore') done(one, 'ignored', decision.why);
    else if (decision.kind === 'refuse' && !isMade) {
      // GitHub gave the permission to the replica that has started the command.
      if (one.facts.permission === 'unknown' && isRecorded(conversation, comment.id))
        done(one, 'ignored', 'GitHub does not say who may command', true);
      else refuse(one, decision.reason, decision.nextStep, decision.stranger === true);
    } else if (!command) refuse(one, problem ?? '', 'Write `help` as a command for what there is.');
    else {
      // The checks of another head say nothing about what was handled.
      const isDoubtful = one.found && pullRequest?.locked;
      const commit = fixed ?? (await commitOf.unmoved(comment, isDoubtful ? 'build' : command.verb));
      if (commit === undefined) {
        refuse(one, ...MOVED);
        continue;
      }
      const starts = startsOf(conversation, comment.id);
      const recorded = buildOf(conversation, comment.id)?.request.commentIds[0] ?? '';
      const key = `${recorded} ${commit} ${starts}`;
      const same = allowed.get(key);
      if (same) same.group.push(one);
      else allowed.set(key, { commit, starts, group: [one] });
    }
  }
  for (const [reason, { nextStep, group, stranger, isContended }] of refused) {
    const answer = { ...refuses(reason, nextStep), ...(stranger && { stranger }) };
    const comments = commentsOf(group);
    try {
      await tell(context, at, comments, answer, work.log, {
        ...(isContended && { seen: conversation }),
      });
    } catch (error) {
      if (!(error instanceof TakenElsewhere)) throw error;
      for (const one of group) done(one, 'ignored', error.message, true);
      continue;
    }
    for (const one of group) done(one, 'refused', reason);
  }
  if (!command || !pullRequest) return takings;

  for (const { commit, starts, group } of allowed.values()) {
    const comments = commentsOf(group);
    const taken: AuthorisedCommand = { command, comments, pullRequest, commit, starts, conversation };
    react(context, at, comments, 'eyes');
    const { outcome, answer, reaction } = await dispatchCommand(context, taken, work).catch(
      (error: unknown) => {
        // Its start is the other replica's.
        if (!(error instanceof TakenElsewhere)) context.background(giveBack(context, taken));
        throw error;
      },
    );
    if (outcome === 'failed' && (await isDoneElsewhere(context, at, comments))) {
      for (const one of group) done(one, 'ignored', 'another replica has done this command');
      continue;
    }
    if (commit !== pullRequest.head.commit && (outcome === 'submitted' || outcome === 'joined'))
      await noteHead(context, ref, pullRequest.head.commit);
    if (answer)
      await tell(context, at, comments, answer, work.log, {
        ...(written !== undefined && { command: written }),
      });
    else if (reaction) react(context, at, comments, reaction);
    for (const one of group) done(one, outcome, answer?.kind === 'refusal' ? answer.markdown : undefined);
  }
  return takings;
}

function commentsOf([first, ...others]: Readonly<Group>): AuthorisedCommand['comments'] {
  return [first.placed.comment, ...others.map(({ placed }) => placed.comment)];
}

/**
 * Says it in the conversation, to whoever asked last, and marks the comments as handled.
 *
 * @param options - `seen`: it refuses what another replica may start at this moment, see {@link refusing}
 */
async function tell(
  context: ServerContext,
  at: At,
  comments: AuthorisedCommand['comments'],
  answer: CommandReply,
  log: Logger,
  { command, seen }: { readonly command?: string; readonly seen?: ConversationState } = {},
): Promise<void> {
  const { ref, pullRequest } = at;
  const last = comments.at(-1) ?? comments[0];
  const reply = {
    commentId: last.id,
    by: last.author.login,
    ...(command !== undefined && { command }),
    ...answer,
  };
  const ids = comments.map(({ id }) => id);
  const say: StateChange = (state) => replied(state, reply);
  const { state, unwritten } = seen
    ? await context.conversations.change(ref, refusing(ids, seen, say), 'record')
    : await context.conversations.change(ref, answering(ids, say), 'reply');
  if (unwritten !== undefined && pullRequest) await answerByCheck(context.github, pullRequest, reply, log);
  // Another replica may have answered first: both react alike.
  const { kind } = state.reply?.commentId === last.id ? state.reply : answer;
  react(context, at, comments, kind === 'answer' ? 'rocket' : '-1');
}

/** Whether another replica has done meanwhile what failed here. */
async function isDoneElsewhere(
  { github }: ServerContext,
  { ref }: At,
  comments: AuthorisedCommand['comments'],
): Promise<boolean> {
  const all = await Promise.all(comments.map(({ id }) => github.reactions.mine(ref.repository, id)));
  return all.some(isHandled);
}

/**
 * Not waited for: nothing depends on a reaction, and where writes are scarce it comes last. In a locked conversation
 * GitHub takes none.
 */
function react(
  context: ServerContext,
  { ref: { repository }, pullRequest }: At,
  comments: readonly Comment[],
  reaction: Reaction,
): void {
  if (pullRequest?.locked) return;
  for (const { id } of comments) context.background(context.github.reactions.add(repository, id, reaction));
}
