/** The same without a field. */
export function omit<T extends object, K extends keyof T>(from: T, key: K): Omit<T, K> {
  const kept = Object.entries(from).filter(([name]) => name !== key);
  return Object.fromEntries(kept) as Omit<T, K>;
}
