import type { AuthorisedCommand, CommandReply } from '../builds/authorised-command.js';
import { endChange, reactionFor, reactionOf, refusalChange, replyChange } from '../builds/pick-ups.js';
import type { StateChange } from '../comment/conversations.js';
import { answerByCheck } from '../comment/locked.js';
import type { ConversationState } from '../comment/state.js';
import { isTriggerId } from '../comment/trigger-id.js';
import { replied } from '../comment/transitions.js';
import type { ServerContext } from '../context.js';
import type { Comment, PullRequest, PullRequestRef, Reaction } from '../ports.js';
import type { Logger } from '../telemetry/log.js';

/** The conversation to reply in. */
export interface ReplyTarget {
  readonly ref: PullRequestRef;
  /** Undefined if GitHub doesn't know it. */
  readonly pullRequest: PullRequest | undefined;
}

/** How {@link postReply} writes a reply. */
export interface ReplyOptions {
  /** The command as written. */
  readonly command?: string;
  /** Set for a refusal that races with another replica: see {@link refusalChange}. */
  readonly seen?: ConversationState;
}

/**
 * Writes a reply into the server's comment, addressed to the last author, and reacts to all comments.
 *
 * @throws HandledElsewhere if the reply is a refusal that races, and another replica has started or answered the command
 */
export async function postReply(
  context: ServerContext,
  target: ReplyTarget,
  comments: AuthorisedCommand['comments'],
  content: CommandReply,
  log: Logger,
  { command, seen }: ReplyOptions = {},
): Promise<void> {
  const { ref, pullRequest } = target;
  const last = comments.at(-1) ?? comments[0];
  const reply = {
    commentId: last.id,
    by: last.author.login,
    ...(command !== undefined && { command }),
    ...(isTriggerId(last.id) && pullRequest && { commit: pullRequest.head.commit }),
    ...content,
  };
  const ids = comments.map(({ id }) => id);
  const change: StateChange = (state) => replied(state, reply);
  const { state, unwritten } = await (seen
    ? context.conversations.change(ref, refusalChange(ids, seen, change), 'record')
    : context.conversations.change(
        ref,
        content.stranger ? endChange(ids, change) : replyChange(ids, content.kind, change),
        // A later reply replaces the one to a trigger, so that one isn't read back.
        isTriggerId(last.id) ? 'final' : 'reply',
      ));
  if (unwritten !== undefined && pullRequest) await answerByCheck(context.github, pullRequest, reply, log);
  // If another replica has replied first, both react alike.
  for (const comment of comments)
    react(context, target, [comment], reactionOf(state, comment.id) ?? reactionFor(content.kind));
}

/**
 * Adds a reaction in the background: nothing depends on it, and when writes are scarce it comes last. GitHub allows none
 * in a locked conversation.
 */
export function react(
  context: ServerContext,
  { ref: { repository }, pullRequest }: ReplyTarget,
  comments: readonly Comment[],
  reaction: Reaction,
): void {
  if (pullRequest?.locked) return;
  for (const { id } of comments.filter((comment) => !isTriggerId(comment.id)))
    context.background(context.github.reactions.add(repository, id, reaction));
}
