import { WorkError } from '../../schema/index.js';
import type { StateChange } from '../comment/conversations.js';
import { ended, endOf } from '../comment/ended.js';
import { givenBack, pickedUp, pickUpOf, putDown } from '../comment/pick-ups.js';
import type { Build, ConversationState, EndedCommand } from '../comment/state.js';
import { buildOf, hasEnded } from '../comment/transitions.js';
import type { ServerContext } from '../context.js';
import type { AuthorisedCommand } from './authorised-command.js';

/**
 * A command may hold what kills the server, or is there each time that something else does. It's looked for after every
 * restart; so its starts are counted, in the server's comment and before anything of the repository is read.
 */
const MOST_STARTS = 3;

/**
 * Another replica works on the same comment, with another commit: delivered twice, it arrived there before a push. Or it
 * has ended it.
 */
export class HandledElsewhere extends Error {
  override readonly name = 'HandledElsewhere';

  constructor() {
    super('another replica has started or ended this command');
  }
}

/**
 * The commit of a command is fixed by what the comment holds once it's written.
 *
 * @throws HandledElsewhere when that's another one, or another replica has ended the command
 */
export function checkSameCommit(
  state: ConversationState,
  comments: AuthorisedCommand['comments'],
  commit: string,
): void {
  checkNotEnded(state, comments);
  for (const { id } of comments) {
    const fixed = buildOf(state, id)?.request.commit ?? pickUpOf(state, id)?.commit ?? commit;
    if (fixed !== commit) throw new HandledElsewhere();
  }
}

/** @throws HandledElsewhere when another replica has answered or refused one of the commands */
export function checkNotEnded(state: ConversationState, comments: AuthorisedCommand['comments']): void {
  if (comments.some(({ id }) => endOf(state, id) !== undefined)) throw new HandledElsewhere();
}

/** What counts the starts of a command. */
export type CountedCommand = Pick<AuthorisedCommand, 'comments' | 'commit' | 'starts' | 'trigger'>;

/**
 * Counts this start. For commands that record a build: part of that record.
 *
 * @throws WorkError when the command was started too often without an end
 */
export function startChange({ comments, commit, starts }: CountedCommand): StateChange {
  if (starts >= MOST_STARTS) {
    throw new WorkError(
      'The server stopped three times while it ran this command, so it gave up.',
      "Reduce what this commit adds to the repository, then write the command again. The server's log says why it stopped.",
    );
  }
  const ids = idsOf(comments);
  return (state) => {
    checkNotEnded(state, comments);
    return pickedUp(state, ids, commit, starts + 1);
  };
}

/**
 * Counts this start, for commands that record nothing else.
 *
 * @throws WorkError when the command was started too often without an end, and GitHubError
 */
export async function recordStart(
  { conversations }: ServerContext,
  command: AuthorisedCommand,
): Promise<void> {
  const { state } = await conversations.change(command.pullRequest, startChange(command), 'record');
  checkSameCommit(state, command.comments, command.commit);
}

/**
 * The attempt ended without a result, and the server keeps running or shuts down in order: it doesn't count. If this
 * can't be written, it counts.
 */
export async function giveBack({ conversations }: ServerContext, command: AuthorisedCommand): Promise<void> {
  const ids = idsOf(command.comments);
  const change: StateChange = (state) => givenBack(state, ids, command.starts + 1);
  await conversations.change(command.pullRequest, change, 'record');
}

/**
 * A change that refuses commands that would read a commit. Two replicas that see a different head, or a pull request
 * before and after it was closed, do not both end a command: the one whose record the comment holds does.
 *
 * @param seen - the state with which it was decided; what was recorded by then is refused nevertheless
 * @throws HandledElsewhere, as the change, when one of them was started or answered meanwhile
 */
export function refusalChange(
  commentIds: readonly number[],
  seen: ConversationState,
  change: StateChange,
): StateChange {
  const unseen = commentIds.filter((id) => !isRecorded(seen, id));
  return (state) => {
    if (commentIds.every((id) => endOf(state, id) === 'refusal')) return state;
    const isHandled = (id: number): boolean =>
      endOf(state, id) !== 'refusal' &&
      (isRecorded(state, id) || (state.reply?.commentId === id && seen.reply?.commentId !== id));
    if (unseen.some(isHandled)) throw new HandledElsewhere();
    return endedByReply(change(state), commentIds, 'refusal');
  };
}

/** Whether a replica has started or ended a command, as far as the comment knows. */
export function isRecorded(state: ConversationState, commentId: number): boolean {
  return (buildOf(state, commentId) ?? pickUpOf(state, commentId) ?? endOf(state, commentId)) !== undefined;
}

/** The reaction to a command that has its answer or refusal already; only the reaction may be missing. */
export function reactionOf(state: ConversationState, commentId: number): 'rocket' | '-1' | undefined {
  const { reply } = state;
  const isReply = reply?.commentId === commentId && !reply.stranger;
  const kind = endOf(state, commentId) ?? (isReply ? reply.kind : undefined);
  return kind && reactionFor(kind);
}

/** The reaction that goes with a reply. */
export function reactionFor(kind: EndedCommand['kind']): 'rocket' | '-1' {
  return kind === 'answer' ? 'rocket' : '-1';
}

/** A change after which the commands are over. */
export function endChange(commentIds: readonly number[], change: StateChange): StateChange {
  return (state) => putDown(change(state), commentIds);
}

/** A change that replies to commands, after which they are over. Those that a reply has ended before keep that one. */
export function replyChange(
  commentIds: readonly number[],
  kind: EndedCommand['kind'],
  change: StateChange,
): StateChange {
  return (state) =>
    commentIds.every((id) => endOf(state, id) !== undefined)
      ? state
      : endedByReply(change(state), commentIds, kind);
}

/** A build that is recorded for these commands alone, and has no workflow yet, gets none: the reply is its end. */
function endedByReply(
  state: ConversationState,
  commentIds: readonly number[],
  kind: EndedCommand['kind'],
): ConversationState {
  const isOver = (build: Build): boolean =>
    !build.workflow &&
    !hasEnded(build) &&
    build.request.commentIds.every((id) => commentIds.includes(id) || endOf(state, id) !== undefined);
  const builds = state.builds.filter((build) => !isOver(build));
  return ended(builds.length < state.builds.length ? { ...state, builds } : state, commentIds, kind);
}

/** How often a comment's command was started without an end. */
export function startsOf(state: Parameters<typeof pickUpOf>[0], commentId: number): number {
  return pickUpOf(state, commentId)?.times ?? 0;
}

function idsOf(comments: AuthorisedCommand['comments']): number[] {
  return comments.map(({ id }) => id);
}
