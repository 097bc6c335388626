/** `a`, `a and b`, `a, b and c`. */
export function enumerate(items: readonly string[]): string {
  if (items.length <= 1) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1) ?? ''}`;
}

/**
 * The first of many: `a, b and 2 more`.
 *
 * @param most - how many are named; the others are counted
 */
export function enumerateFirst(items: readonly string[], most: number): string {
  const more = items.length - most;
  return enumerate(more > 0 ? [...items.slice(0, most), `${more} more`] : items);
}
