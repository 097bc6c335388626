/**
 * The text without these characters at its end. In linear time, which `/…+$/` is not: that starts over at each
 * character of a long run in the middle.
 */
export function trimEndOf(text: string, characters: string): string {
  let end = text.length;
  while (end > 0 && characters.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}
