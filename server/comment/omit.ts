/** The same without a field. */
export function omit<T extends object, K extends keyof T>(from: T, key: K): Omit<T, K> {
  return Object.fromEntries(Object.entries(from).filter(([name]) => name !== key)) as Omit<T, K>;
}
