import { Lexer } from 'yaml';

import { DOCUMENT_MARK, quoteEnd } from './yaml-quotes.js';

/** A text whose lines inside brackets and quotes are indented deeply enough for every YAML parser. */
export interface IndentedText {
  readonly text: string;
  /** @returns the offset in the text as it was written. */
  readonly origin: (offset: number) => number;
}

/** How many characters all searches together may read, and how many spaces they may add. */
const MAX_WORK = 4 * 1024 * 1024;
const MAX_SPACES = 1024 * 1024;

/**
 * PyYAML takes lines inside brackets and quotes at any indentation; YAML's grammar, and the parser here, want them
 * deeper than the key in front of them. This adds the spaces: inside brackets and quotes they mean nothing.
 *
 * @returns undefined where indentation isn't what is wrong
 */
export function indentFlow(written: string): IndentedText | undefined {
  const lines = written.split('\n');
  const added = lines.map(() => 0);
  let text = written;
  let spaces = 0;
  for (let work = 0; work <= MAX_WORK; work += text.length) {
    const flows = flowsOf(text);
    if (!flows) return undefined;
    const missing = missingSpaces(text, flows);
    for (const [line, count] of missing) {
      added[line] = (added[line] ?? 0) + count;
      spaces += count;
    }
    if (spaces > MAX_SPACES || spaces === 0) return undefined;
    if (missing.size === 0) return { text, origin: originOf(lines, added) };
    text = lines.map((line, i) => ' '.repeat(added[i] ?? 0) + line).join('\n');
  }
  return undefined;
}

/** Brackets with all inside them, or a text in quotes: the offsets of the first and the last character. */
interface Flow {
  readonly start: number;
  readonly end: number;
}

/**
 * @returns the outermost flows, up to the first with a line that is too shallow for the lexer; undefined where one has
 * no end
 */
function flowsOf(text: string): Flow[] | undefined {
  const flows: Flow[] = [];
  let offset = 0;
  let last = -1;
  let isText = false;
  for (const token of new Lexer().lex(text)) {
    if (!isText && token === FLOW_END) break;
    if (!isText && (token === SCALAR || token === DOCUMENT)) {
      isText = token === SCALAR;
      continue;
    }
    if (!isText && offset > last && /^[[{"']/.test(token)) {
      const end = flowEnd(text, offset);
      if (end === undefined) return undefined;
      flows.push({ start: offset, end });
      last = end;
      if (token.length > 1 && end >= offset + token.length) break;
    }
    offset += token.length;
    isText = false;
  }
  return flows;
}

/** @returns how many spaces a line needs to be deeper than the flow's first character, for each that needs some. */
function missingSpaces(text: string, flows: readonly Flow[]): Map<number, number> {
  const missing = new Map<number, number>();
  let line = 0;
  let lineStart = 0;
  for (const { start, end } of flows) {
    let wanted: number | undefined;
    for (
      let next = text.indexOf('\n', lineStart);
      next >= 0 && next < end;
      next = text.indexOf('\n', lineStart)
    ) {
      if (next > start) wanted ??= start - lineStart + 1;
      lineStart = next + 1;
      line++;
      if (wanted === undefined) continue;
      const indent = indentAt(text, lineStart);
      if (indent < wanted) missing.set(line, wanted - indent);
    }
  }
  return missing;
}

/** Tokens of the lexer without text: what follows is a text without quotes, brackets end too early, a document. */
const SCALAR = '\x1f';
const FLOW_END = '\x18';
const DOCUMENT = '\x02';

/** What begins a text without quotes, up to where it can end: `a: b` is a key and a value, `a:b` is a text. */
const PLAIN = /(?:[^\s,[\]{}:#]|:(?![\s,[\]{}])|(?<=\S)#)+/y;
const COMMENT = /#.*/y;

/** @returns the offset of the bracket or quote that ends what begins at `start`; undefined where none does. */
function flowEnd(text: string, start: number): number | undefined {
  let depth = 0;
  let isPlain = false;
  for (let at = start; at < text.length;) {
    const char = text[at] ?? '';
    if (char === '\n' && DOCUMENT_MARK.test(text.slice(at, at + 5))) return undefined;
    if (!isPlain && (char === '"' || char === "'")) {
      const end = quoteEnd(text, at);
      if (end === undefined || depth === 0) return end;
      at = end + 1;
    } else if (char === '[' || char === '{') {
      depth++;
      at++;
      isPlain = false;
    } else if (char === ']' || char === '}') {
      if (--depth === 0) return at;
      at++;
      isPlain = false;
    } else if (/[\s,:]/.test(char)) {
      if (/[,:]/.test(char)) isPlain = false;
      at++;
    } else {
      const pattern = char === '#' ? COMMENT : PLAIN;
      pattern.lastIndex = at;
      const length = pattern.exec(text)?.[0].length ?? 1;
      isPlain = char !== '#' && !/^[&!*?-]/.test(char);
      at += length;
    }
  }
  return undefined;
}

/** @returns how many spaces a line begins with; an empty line needs none. */
function indentAt(text: string, lineStart: number): number {
  const match = /( *)\r?(\n?)/y;
  match.lastIndex = lineStart;
  const [, spaces = '', lineEnd] = match.exec(text) ?? [];
  return lineEnd ? Infinity : spaces.length;
}

function originOf(lines: readonly string[], added: readonly number[]): IndentedText['origin'] {
  const starts = [{ now: 0, then: 0 }];
  lines.forEach((line, i) => {
    const last = starts[i] ?? { now: 0, then: 0 };
    starts.push({ now: last.now + (added[i] ?? 0) + line.length + 1, then: last.then + line.length + 1 });
  });
  return (offset) => {
    const line = Math.max(
      0,
      starts.findLastIndex(({ now }) => now <= offset),
    );
    const { now, then } = starts[line] ?? { now: 0, then: 0 };
    return then + Math.max(0, offset - now - (added[line] ?? 0));
  };
}
