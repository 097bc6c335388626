import { NO_WIDTH } from './words.js';

/** The words of a line. */
export interface SplitLine {
  readonly words: readonly string[];
  /** The last word has a quote that is not closed. */
  readonly isUnclosed?: true;
}

/** The word `--set`, and the start `--set=` of a word. Telephones make one dash of two. */
const SET = /^(?:--|[–—])set$/;
const SET_WITH_VALUE = /(?:--|[–—])set=/y;

const DOUBLE_QUOTES = '"“”„';
const SINGLE_QUOTES = "'‘’‚";
/** What a backslash takes its meaning from, in double quotes: as in a POSIX shell. */
const ESCAPED = '\\"$`“”„';

/** Whether a value of `--set` needs quotes: white space, quotes and backslashes have a meaning there. */
const NEEDS_QUOTES = /[\s'"“”„‘’‚\\]/;

/**
 * Splits a line at white space. In the value of `--set`, quotes and backslashes work as in a POSIX shell; elsewhere they
 * have no meaning. Nothing is expanded. Linear: looks at each character a few times.
 */
export function splitWords(line: string): SplitLine {
  const text = line.replace(NO_WIDTH, '');
  const words: string[] = [];
  let isValue = false;
  for (let at = spaceEnd(text, 0); at < text.length; at = spaceEnd(text, at)) {
    SET_WITH_VALUE.lastIndex = at;
    if (isValue || SET_WITH_VALUE.test(text)) {
      const quoted = quotedWord(text, at);
      words.push(quoted.word);
      if (quoted.isUnclosed) return { words, isUnclosed: true };
      at = quoted.end;
      isValue = false;
    } else {
      const start = at;
      while (at < text.length && !isSpace(text.charAt(at))) at++;
      const word = text.slice(start, at);
      words.push(word);
      isValue = SET.test(word);
    }
  }
  return { words };
}

/** @returns a value of `--set` as {@link splitWords} reads it: `'a b'` for `a b` */
export function withQuotes(value: string): string {
  if (value !== '' && !NEEDS_QUOTES.test(value)) return value;
  return value.includes("'") ? `"${value.replace(/["\\]/g, '\\$&')}"` : `'${value}'`;
}

interface QuotedWord {
  readonly word: string;
  /** Offset of the first character after it. */
  readonly end: number;
  readonly isUnclosed: boolean;
}

function quotedWord(text: string, start: number): QuotedWord {
  let word = '';
  /** The characters that close the quote; empty: none is open. */
  let closing = '';
  let isDouble = false;
  let at = start;
  for (; at < text.length; at++) {
    const char = text.charAt(at);
    if (closing === '') {
      if (isSpace(char)) break;
      if (char === '\\') {
        at++;
        // As in a shell, where the next line would continue it.
        if (at === text.length) return { word, end: at, isUnclosed: true };
        word += text.charAt(at);
        continue;
      }
      isDouble = DOUBLE_QUOTES.includes(char);
      if (isDouble || SINGLE_QUOTES.includes(char)) closing = closingOf(char);
      else word += char;
    } else if (closing.includes(char)) {
      closing = '';
    } else if (isDouble && char === '\\' && at + 1 < text.length && ESCAPED.includes(text.charAt(at + 1))) {
      at++;
      word += text.charAt(at);
    } else {
      word += char;
    }
  }
  return { word, end: at, isUnclosed: closing !== '' };
}

/** A straight quote is closed by itself; keyboards have several forms of the others. */
function closingOf(quote: string): string {
  if (quote === '"' || quote === "'") return quote;
  return DOUBLE_QUOTES.includes(quote) ? '“”' : '‘’';
}

function spaceEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && isSpace(text.charAt(at))) at++;
  return at;
}

function isSpace(char: string): boolean {
  return /\s/.test(char);
}
