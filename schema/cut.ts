/** What is written where a text was cut. */
export const CUT_MARK = '… (cut)';

/** The start of a text with a mark where it was cut; half a character is left off. Done again, it changes nothing. */
export function cutEnd(text: string, longest: number): string {
  const marked = text.endsWith(CUT_MARK) ? CUT_MARK.length : 0;
  if (text.length <= longest + marked) return text;
  const end = isHighSurrogate(text.charCodeAt(longest - 1)) ? longest - 1 : longest;
  return text.slice(0, end) + CUT_MARK;
}

/** The end of a text; half a character is left off. */
export function lastOf(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const start = text.length - longest;
  return text.slice(isHighSurrogate(text.charCodeAt(start - 1)) ? start + 1 : start);
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code < 0xdc00;
}
