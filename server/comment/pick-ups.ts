import { omit } from './omit.js';
import type { ConversationState, PickUp } from './state.js';

/** Pick-ups that the comment remembers: more than the comments of one pull request that are handled at once. */
const REMEMBERED = 200;

/** What a comment's command was started with, if it has not ended since. */
export function pickUpOf(state: ConversationState, commentId: number): PickUp | undefined {
  return state.pickUps?.find((pickUp) => pickUp.commentId === commentId);
}

/**
 * Commands are started for the `times`th time. Not "once more": the change may be applied again to a state that has it.
 */
export function pickedUp(
  state: ConversationState,
  commentIds: readonly number[],
  commit: string,
  times: number,
): ConversationState {
  const news = commentIds.filter((id) => (pickUpOf(state, id)?.times ?? -1) < times);
  if (news.length === 0) return state;
  const others = without(state, news);
  // The commit of the first start stays.
  const pickUps = news.map((commentId) => ({
    commentId,
    commit: pickUpOf(state, commentId)?.commit ?? commit,
    times,
  }));
  return withPickUps(state, [...others, ...pickUps]);
}

/** An attempt ended without a result, but the server didn't die of it: it doesn't count. */
export function givenBack(
  state: ConversationState,
  commentIds: readonly number[],
  times: number,
): ConversationState {
  const isIt = (each: PickUp): boolean => each.times === times && commentIds.includes(each.commentId);
  if (!state.pickUps?.some(isIt)) return state;
  return withPickUps(
    state,
    state.pickUps.map((each) => (isIt(each) ? { ...each, times: times - 1 } : each)),
  );
}

/** Commands came to their end, whatever it was. */
export function putDown(state: ConversationState, commentIds: readonly number[]): ConversationState {
  const isGoing = commentIds.some((id) => pickUpOf(state, id) !== undefined);
  return isGoing ? withPickUps(state, without(state, commentIds)) : state;
}

function without({ pickUps = [] }: ConversationState, commentIds: readonly number[]): PickUp[] {
  const gone = new Set(commentIds);
  return pickUps.filter(({ commentId }) => !gone.has(commentId));
}

function withPickUps(state: ConversationState, pickUps: readonly PickUp[]): ConversationState {
  const ordered = pickUps.toSorted((a, b) => a.commentId - b.commentId);
  const kept = ordered.slice(-REMEMBERED);
  return kept.length > 0 ? { ...state, pickUps: kept } : omit(state, 'pickUps');
}
