/**
 * Reorders so that groups take turns: the first item of each group, then the second of each, and so on. Groups come in
 * the order of their first item; within a group the order stays, or its own groups take turns by the next key.
 *
 * @param keys - what names an item's group, the outermost first
 */
export function takeTurns<T>(items: readonly T[], ...keys: readonly ((item: T) => string)[]): readonly T[] {
  const [key, ...rest] = keys;
  if (key === undefined) return items;
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  const rounds: T[][] = [];
  for (const group of groups.values())
    for (const [round, item] of takeTurns(group, ...rest).entries()) (rounds[round] ??= []).push(item);
  return rounds.flat();
}
