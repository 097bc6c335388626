import { isSpace } from './characters.js';
import type { Flag, Instruction, Span } from './dockerfile.js';
import type { LogicalLine } from './logical-line.js';

/** A word while it is read: its characters without quotes and escapes, and where each was written. */
interface Draft {
  readonly start: number;
  readonly characters: string[];
  readonly at: number[];
  /** Where quotes begin and end. */
  readonly quotes: number[];
}

/** The flag `--from` of a `COPY`. */
export function copyFrom({ keyword, flags }: Instruction): Flag | undefined {
  return keyword === 'COPY' ? flags.find(({ name }) => name === 'from') : undefined;
}

/**
 * Reads the flags of an instruction.
 *
 * @param from - index behind the instruction's keyword
 * @param escape - the file's escape character
 * @returns the flags, and the index behind them
 * @see https://github.com/moby/buildkit/blob/v0.22.0/frontend/dockerfile/parser/split_command.go
 */
export function readFlags(
  line: LogicalLine,
  from: number,
  escape: string,
): { readonly flags: readonly Flag[]; readonly end: number } {
  const { text } = line;
  const flags: Flag[] = [];
  let at = from;
  while (at < text.length) {
    if (isSpace(text.charAt(at))) {
      at++;
      continue;
    }
    if (!text.startsWith('--', at)) return { flags, end: at };
    const { draft, end } = readWord(text, at, escape);
    const word = draft.characters.join('');
    if (word === '--') return { flags, end };
    if (word !== '' || draft.quotes.length > 0) flags.push(flagOf(line, word, draft, end));
    at = end;
  }
  return { flags, end: text.length };
}

function readWord(text: string, start: number, escape: string): { draft: Draft; end: number } {
  const draft: Draft = { start, characters: [], at: [], quotes: [] };
  let quote: string | undefined;
  let at = start;
  for (; at < text.length; at++) {
    let character = text.charAt(at);
    if (quote === undefined && isSpace(character)) break;
    if (quote === undefined ? character === "'" || character === '"' : character === quote) {
      quote = quote === undefined ? character : undefined;
      draft.quotes.push(at);
      continue;
    }
    if (character === escape) {
      if (at + 1 === text.length) continue;
      character = text.charAt(++at);
    }
    draft.characters.push(character);
    draft.at.push(at);
  }
  return { draft, end: at };
}

function flagOf(line: LogicalLine, word: string, draft: Draft, end: number): Flag {
  const equals = word.indexOf('=');
  const begin = equals + 1;
  return {
    name: word.slice(2, equals < 0 ? undefined : equals),
    ...(equals >= 0 && { value: word.slice(begin) }),
    ...line.span(draft.start, end),
    span: (from, to) => partOf(line, draft, begin + from, begin + to),
  };
}

/** Where a part of a word was written, so that it can be replaced without touching the pairs of quotes. */
function partOf(line: LogicalLine, { at, quotes, start: wordStart }: Draft, from: number, to: number): Span {
  let start = (at[from - 1] ?? wordStart - 1) + 1;
  let end = to > from ? (at[to - 1] ?? start) + 1 : start;
  const inside = (): number => quotes.filter((quote) => quote >= start && quote < end).length;
  if (inside() % 2 === 1) {
    if (quotes.includes(end)) end++;
    else if (quotes.includes(start)) start++;
  }
  if (inside() === 2 && quotes.includes(start) && quotes.includes(end - 1)) {
    start++;
    end--;
  }
  return line.span(start, end);
}
