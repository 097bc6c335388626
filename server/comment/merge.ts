import type { Build, ConversationState, PickUp, Reply } from './state.js';

/** All that two states know, the latest build first. Of a build that both know the first's is taken. */
export function mergeStates(first: ConversationState, second: ConversationState): ConversationState {
  const missing = second.builds.filter((build) => !first.builds.some((known) => sameBuild(known, build)));
  const reply = [first.reply, second.reply]
    .filter((each) => each !== undefined)
    .reduce<ConversationState['reply']>(
      (latest, each) => (latest && outranks(latest, each) ? latest : each),
      undefined,
    );
  return {
    builds: [...first.builds, ...missing].toSorted((a, b) => idOf(b) - idOf(a)),
    ...(reply && { reply }),
    approved: [...new Set([...first.approved, ...second.approved])],
    ...mergePickUps(first.pickUps, second.pickUps),
  };
}

/** What somebody is told who may not command gives way; else the later one's answer stays. */
function outranks(a: Reply, b: Reply): boolean {
  return a.stranger === b.stranger ? a.commentId >= b.commentId : b.stranger === true;
}

/** Of a command that both know, the one that was started more often. */
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

/** GitHub counts up. */
function idOf({ request }: Build): number {
  return request.commentIds[0] ?? 0;
}
