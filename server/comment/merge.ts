import { mergeEnded } from './ended.js';
import type { Build, ConversationState, PickUp, Reply } from './state.js';

/** Everything in two states, the latest build first. A build in both is taken from the first. */
export function mergeStates(first: ConversationState, second: ConversationState): ConversationState {
  const missing = second.builds.filter((build) => !first.builds.some((known) => sameBuild(known, build)));
  const reply = [first.reply, second.reply]
    .filter((each) => each !== undefined)
    .reduce<ConversationState['reply']>(
      (latest, each) => (latest && outranks(latest, each) ? latest : each),
      undefined,
    );
  const answered = first.answered ?? second.answered;
  return {
    builds: [...first.builds, ...missing].toSorted(latestFirst),
    ...(reply && { reply }),
    ...(answered !== undefined && { answered }),
    approved: [...new Set([...first.approved, ...second.approved])],
    ...mergePickUps(first.pickUps, second.pickUps),
    ...mergeEnded(first.ended, second.ended),
  };
}

/** A refusal of someone without permission gives way; otherwise the later reply stays, and a person's for a trigger's. */
function outranks(a: Reply, b: Reply): boolean {
  return a.stranger === b.stranger ? a.commentId >= b.commentId : b.stranger === true;
}

/** If both states have the same command, keeps the one with more starts. */
function mergePickUps(
  first: readonly PickUp[] = [],
  second: readonly PickUp[] = [],
): Pick<ConversationState, 'pickUps'> {
  const merged = new Map<number, PickUp>();
  for (const one of [...first, ...second]) {
    const known = merged.get(one.commentId);
    if (!known || known.times < one.times) merged.set(one.commentId, one);
  }
  return merged.size > 0 ? { pickUps: [...merged.values()] } : {};
}

function sameBuild(a: Build, b: Build): boolean {
  return a.request.commentIds.some((id) => b.request.commentIds.includes(id));
}

/** Comments of the same second are in the order of their ids, which increase. */
function latestFirst({ request: a }: Build, { request: b }: Build): number {
  return Date.parse(b.at) - Date.parse(a.at) || (b.commentIds[0] ?? 0) - (a.commentIds[0] ?? 0);
}
