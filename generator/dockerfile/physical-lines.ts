import { endWithoutSpace, skipSpace } from './characters.js';
import { LogicalLine } from './logical-line.js';

/** Go's scanner of lines refuses longer ones; in bytes, with their end. */
export const LONGEST_LINE_BYTES = 2 ** 16;

/** Reads a Dockerfile's lines one after the other, and joins the continued ones. */
export class LineReader {
  #offset: number;
  #areDirectivesOver = false;
  readonly #seen = new Set<string>();
  escape: '\\' | '`' = '\\';

  /** @param report - is told what BuildKit refuses: a clause, a hint and offsets in the text */
  constructor(
    private readonly text: string,
    private readonly report: (message: string, hint: string, start: number, end: number) => void,
  ) {
    this.#offset = text.startsWith('\uFEFF') ? 1 : 0;
  }

  /**
   * @returns the next instruction, without comments; undefined at the end
   * @see https://github.com/moby/buildkit/blob/v0.22.0/frontend/dockerfile/parser/parser.go
   */
  instruction(): LogicalLine | undefined {
    for (let raw = this.physical(); raw; raw = this.physical()) {
      const begin = skipSpace(raw.text);
      const text = raw.text.slice(begin);
      this.#directive(text, raw.start + begin);
      const first = this.#part(text);
      if (!first.goesOn && first.text === '') continue;
      const line = new LogicalLine();
      line.append(first.text, raw.start + begin);
      if (first.goesOn) this.#continue(line);
      return line;
    }
    return undefined;
  }

  #continue(line: LogicalLine): void {
    for (let raw = this.physical(); raw; raw = this.physical()) {
      if (skipSpace(raw.text) === raw.text.length || isComment(raw.text)) continue;
      const part = this.#part(raw.text);
      line.append(part.text, raw.start);
      if (!part.goesOn) return;
    }
  }

  /** @returns the next line, without its end. */
  physical(): { readonly text: string; readonly start: number } | undefined {
    if (this.#offset >= this.text.length) return undefined;
    const start = this.#offset;
    const newline = this.text.indexOf('\n', start);
    this.#offset = newline < 0 ? this.text.length : newline + 1;
    const whole = this.text.slice(start, this.#offset);
    if (whole.length * 3 > LONGEST_LINE_BYTES && Buffer.byteLength(whole) > LONGEST_LINE_BYTES) {
      this.report('the line has more than 64 KiB', 'Split it into several lines', start, start + 1);
    }
    let end = whole.length;
    while (end > 0 && '\r\n'.includes(whole.charAt(end - 1))) end--;
    return { text: whole.slice(0, end), start };
  }

  /** A line without its comment and without the escape character that continues it. */
  #part(text: string): { readonly text: string; readonly goesOn: boolean } {
    if (isComment(text)) return { text: '', goesOn: false };
    let end = text.length;
    while (end > 0 && ' \t'.includes(text.charAt(end - 1))) end--;
    const goesOn = text.charAt(end - 1) === this.escape && text.charAt(end - 2) !== this.escape;
    return goesOn ? { text: text.slice(0, end - 1), goesOn } : { text, goesOn };
  }

  /** `# escape=` and its like, which come before everything else. */
  #directive(text: string, start: number): void {
    if (this.#areDirectivesOver) return;
    const directive = parseDirective(text);
    if (!directive) {
      this.#areDirectivesOver = true;
      return;
    }
    const { name, value } = directive;
    const end = start + text.length;
    if (this.#seen.has(name)) {
      this.report(`the parser directive \`${name}\` is there twice`, 'Delete one of them', start, end);
    }
    this.#seen.add(name);
    if (name !== 'escape') return;
    if (value === '\\' || value === '`') this.escape = value;
    else
      this.report(`\`${value}\` can't be the escape character`, 'Use a backslash or a backtick', start, end);
  }
}

function isComment(text: string): boolean {
  return text.charAt(skipSpace(text)) === '#';
}

/** @see https://github.com/moby/buildkit/blob/v0.22.0/frontend/dockerfile/parser/directives.go */
function parseDirective(text: string): { readonly name: string; readonly value: string } | undefined {
  const equals = text.indexOf('=');
  if (!text.startsWith('#') || equals < 0) return undefined;
  const name = text.slice(1, equals).trim().toLowerCase();
  const behind = text.slice(equals + 1);
  const value = behind.slice(skipSpace(behind), endWithoutSpace(behind, skipSpace(behind)));
  return ['escape', 'syntax', 'check'].includes(name) && value !== '' ? { name, value } : undefined;
}
