import type { Diagnostic } from './diagnostic.js';

/** How diagnostics are shown. */
export interface FormatOptions {
  /** With the colours of a terminal. */
  readonly color: boolean;
  /** Columns of the terminal, at least 40. Default: 100. */
  readonly width?: number;
}

const STYLES = {
  error: '\u001b[31m',
  warning: '\u001b[33m',
  bold: '\u001b[1m',
  dim: '\u001b[2m',
  none: '\u001b[0m',
};
const GUTTER = '  ';

/**
 * Diagnostics as a compiler shows them: place, code and message, the source line with a caret, the hint. Control
 * characters of the files never reach the terminal.
 *
 * @returns lines, each with its end; empty where there is nothing to show
 */
export function formatDiagnostics(diagnostics: readonly Diagnostic[], options: FormatOptions): string {
  return diagnostics.map((diagnostic) => format(diagnostic, options)).join('\n');
}

function format(d: Diagnostic, { color, width = 100 }: FormatOptions): string {
  const columns = Math.max(40, width);
  const paint = (text: string, style: keyof typeof STYLES): string =>
    color ? `${STYLES[style]}${text}${STYLES.none}` : text;
  const place = d.file === undefined ? '' : `${showControls(d.file)}${position(d)} `;
  const head = `${paint(place, 'bold')}${paint(d.severity, d.severity)} ${d.code}`;
  // The message is next to the code where it fits, else below it.
  const plainHead = `${place}${d.severity} ${d.code}`;
  // What a program said follows on lines of its own.
  const [message = '', ...output] = d.message.split('\n').map(showControls);
  const lines =
    plainHead.length + 1 + message.length <= columns
      ? [`${head} ${message}`]
      : [head, ...wrap(message, columns - GUTTER.length).map((line) => GUTTER + line)];
  for (const line of output) lines.push(`${GUTTER}  ${line.trim()}`);
  if (d.excerpt !== undefined && d.excerpt.trim() !== '') {
    const { text, caret, length } = window(
      d.excerpt,
      (d.column ?? 1) - 1,
      d.length ?? 1,
      columns - 2 * GUTTER.length,
    );
    lines.push(GUTTER + GUTTER + text);
    lines.push(`${GUTTER}${GUTTER}${' '.repeat(caret)}${paint('^'.repeat(length), d.severity)}`);
  }
  if (d.hint !== undefined) {
    const [first = '', ...more] = wrap(`hint: ${showControls(d.hint)}`, columns - GUTTER.length);
    lines.push(
      GUTTER + paint('hint:', 'dim') + first.slice('hint:'.length),
      ...more.map((line) => `${GUTTER}      ${line}`),
    );
  }
  for (const line of d.lines ?? []) lines.push(`${GUTTER}    ${showControls(line)}`.trimEnd());
  return `${lines.join('\n')}\n`;
}

/** An argument of the command line has no lines. */
function position({ file, line, column }: Diagnostic): string {
  return line === undefined || file?.startsWith('--') ? '' : `:${line}:${column ?? 1}`;
}

/** The part of a line around the caret that fits, with `…` where it was cut. */
function window(
  line: string,
  column: number,
  length: number,
  columns: number,
): { text: string; caret: number; length: number } {
  const text = showControls(line);
  if (text.length <= columns)
    return { text, caret: column, length: Math.max(1, Math.min(length, text.length - column)) };
  const start = Math.max(0, Math.min(column - Math.floor(columns / 3), text.length - columns));
  const end = start + columns;
  const cut = `${start > 0 ? '…' : ''}${text.slice(start > 0 ? start + 1 : start, end < text.length ? end - 1 : end)}${end < text.length ? '…' : ''}`;
  const caret = column - start;
  return { text: cut, caret, length: Math.max(1, Math.min(length, columns - caret)) };
}

// eslint-disable-next-line no-control-regex -- these are what is replaced
const INVISIBLE = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** One visible character for each that would move the cursor, colour the terminal or turn the direction of text. */
function showControls(text: string): string {
  return text.replace(/\t/g, ' ').replace(INVISIBLE, '·');
}

function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  lines.push(line);
  return lines.flatMap((each) => pieces(each, columns));
}

function pieces(text: string, length: number): string[] {
  if (text.length <= length) return [text];
  const characters = Array.from(text);
  return Array.from({ length: Math.ceil(characters.length / length) }, (_, at) =>
    characters.slice(at * length, (at + 1) * length).join(''),
  );
}
