import { isBlank, isSpace } from './characters.js';
import type { Word } from './dockerfile.js';
import type { LogicalLine } from './logical-line.js';

/** The words of `FROM`, `COPY` and others: split at blanks, whatever is quoted. */
export function splitAtBlanks(line: LogicalLine, from: number, to: number): readonly Word[] {
  const words: Word[] = [];
  for (let at = from; at < to;) {
    let end = at;
    while (end < to && !isBlank(line.text.charAt(end))) end++;
    if (end > at) words.push(line.word(at, end));
    at = end + 1;
  }
  return words;
}

/**
 * The words of `ARG` and `ENV`: quotes and escapes keep white space in a word, and stay in it.
 *
 * @see https://github.com/moby/buildkit/blob/v0.22.0/frontend/dockerfile/parser/line_parsers.go
 */
export function splitQuoted(line: LogicalLine, from: number, to: number, escape: string): readonly Word[] {
  const { text } = line;
  const words: Word[] = [];
  for (let at = from; at < to;) {
    if (isSpace(text.charAt(at))) {
      at++;
      continue;
    }
    const start = at;
    let quote: string | undefined;
    let isCut = false;
    for (; at < to && (quote !== undefined || !isSpace(text.charAt(at))); at++) {
      const character = text.charAt(at);
      if (quote === undefined ? character === "'" || character === '"' : character === quote) {
        quote = quote === undefined ? character : undefined;
      } else if (character === escape && quote !== "'") {
        // An escape character at the very end is left out.
        isCut = at + 1 === to;
        at++;
      }
    }
    const end = isCut ? to - 1 : Math.min(at, to);
    if (end > start) words.push(line.word(start, end));
  }
  return words;
}
