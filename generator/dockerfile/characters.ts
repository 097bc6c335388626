/** Go's `unicode.IsSpace`: JavaScript's `\s` has U+FEFF, and lacks U+0085. */
const SPACE = /^[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]$/;

/** @returns whether a character is white space for Go. */
export function isSpace(character: string): boolean {
  return SPACE.test(character);
}

/** @returns the index of the first character from `at` that isn't white space; the text's length if all are. */
export function skipSpace(text: string, at = 0): number {
  let end = at;
  while (end < text.length && isSpace(text.charAt(end))) end++;
  return end;
}

/** @returns the index behind the last character that isn't white space, at least `from`. */
export function endWithoutSpace(text: string, from = 0): number {
  let end = text.length;
  while (end > from && isSpace(text.charAt(end - 1))) end--;
  return end;
}

/** @returns whether BuildKit splits an instruction's words at a character. */
export function isBlank(character: string): boolean {
  return /^[\t\v\f\r ]$/.test(character);
}
