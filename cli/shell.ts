/** Spaces, a quoted part of a word, or a plain one. */
const PART = /\s+|'[^']*'?|\\.?|[^\s'\\]+/g;

/**
 * Breaks a line of a command between its words, with ` \\` at the end of each but the last; a line that continues in
 * the next ends with it already.
 *
 * @param width - characters that a line may have; a longer word has a line of its own
 */
export function wrapCommand(line: string, width: number): string[] {
  if (line.length <= width) return [line];
  const goesOn = line.endsWith(' \\');
  const words = wordsOf(goesOn ? line.slice(0, -2) : line);
  const [before = ''] = /^ */.exec(line) ?? [];
  const indent = before === '' ? '  ' : before;
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length + 2 <= width) lines[lines.length - 1] = last + word;
    else lines.push(last === undefined ? word : indent + word.trimStart());
  }
  return lines.map((text, at) => (goesOn || at < lines.length - 1 ? `${text} \\` : text));
}

/** The words of a line, each with the spaces before it. */
function wordsOf(line: string): string[] {
  const words: string[] = [];
  for (const part of line.trimEnd().match(PART) ?? []) {
    const beginning = part.trim() === '' ? '' : (words.pop() ?? '');
    words.push(beginning + part);
  }
  return words;
}
