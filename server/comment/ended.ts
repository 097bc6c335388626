import { putDown } from './pick-ups.js';
import type { ConversationState, EndedCommand } from './state.js';
import { isTriggerId } from './trigger-id.js';

/**
 * Ended commands that the comment remembers: as many as one reply can end at once. Each only has to outlast another
 * replica's work on the same command.
 */
const REMEMBERED = 100;

/** How a reply ended a comment's command, if it is one of the last that one ended. */
export function endOf(state: ConversationState, commentId: number): EndedCommand['kind'] | undefined {
  return state.ended?.find((each) => each.commentId === commentId)?.kind;
}

/**
 * A reply ended commands. A replica that is about to start one of them, or late with its own reply, sees it, whatever its
 * look at the reactions has shown and whatever was replied since. The first end stays. Triggers are not remembered: the
 * same commit can be looked at again.
 */
export function ended(
  state: ConversationState,
  commentIds: readonly number[],
  kind: EndedCommand['kind'],
): ConversationState {
  const before = putDown(state, commentIds);
  const news = commentIds.filter((id) => !isTriggerId(id) && endOf(state, id) === undefined);
  if (news.length === 0) return before;
  const added = news.map((commentId) => ({ commentId, kind }));
  return { ...before, ...mergeEnded(before.ended, added) };
}

/** The ended commands of two states, the latest of them; of one in both, the first's end. */
export function mergeEnded(
  first: readonly EndedCommand[] = [],
  second: readonly EndedCommand[] = [],
): Pick<ConversationState, 'ended'> {
  const known = new Set(first.map(({ commentId }) => commentId));
  const all = [...first, ...second.filter(({ commentId }) => !known.has(commentId))];
  const latest = all.toSorted((a, b) => a.commentId - b.commentId).slice(-REMEMBERED);
  return latest.length > 0 ? { ended: latest } : {};
}
