/** The same without some fields. */
export function omit<T extends object, K extends keyof T>(from: T, ...keys: readonly K[]): Omit<T, K> {
  const left: readonly PropertyKey[] = keys;
  const kept = Object.entries(from).filter(([name]) => !left.includes(name));
  return Object.fromEntries(kept) as Omit<T, K>;
}
