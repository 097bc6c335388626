/** A line without its indentation. */
export interface Content {
  /** Columns, with tab stops every 4. */
  readonly indent: number;
  /** Without spaces and tabs at both ends. */
  readonly text: string;
}

/** Splits off a line's indentation. */
export function content(line: string): Content {
  let indent = 0;
  let i = 0;
  for (; line[i] === ' ' || line[i] === '\t'; i++)
    indent = line[i] === '\t' ? indent + 4 - (indent % 4) : indent + 1;
  let end = line.length;
  while (end > i && (line[end - 1] === ' ' || line[end - 1] === '\t')) end--;
  return { indent, text: line.slice(i, end) };
}

/** A fenced code block that is open. */
export interface Fence {
  /** @returns whether this line is its end. */
  closes(indent: number, text: string): boolean;
}

/** @returns the code block that a line opens. */
export function fenceAt(text: string): Fence | undefined {
  const mark = text[0];
  if (mark !== '`' && mark !== '~') return undefined;
  const length = runLength(text, mark);
  // Backticks behind backticks are a code span.
  if (length < 3 || (mark === '`' && text.includes('`', length))) return undefined;
  return {
    closes: (indent, line) => indent < 4 && line.length >= length && runLength(line, mark) === line.length,
  };
}

function runLength(text: string, mark: string): number {
  let length = 0;
  while (text[length] === mark) length++;
  return length;
}

/** `# heading` */
export function isHeading(text: string): boolean {
  return /^#{1,6}(?:[ \t]|$)/.test(text);
}

/** `---`, `* * *` */
export function isBreak(text: string): boolean {
  const mark = text[0];
  if (mark !== '-' && mark !== '*' && mark !== '_') return false;
  let marks = 0;
  for (const character of text) {
    if (character === mark) marks++;
    else if (character !== ' ' && character !== '\t') return false;
  }
  return marks >= 3;
}

/** The line below a heading's text: `===`, `---`. */
export function isUnderline(text: string): boolean {
  const mark = text[0];
  return (mark === '=' || mark === '-') && runLength(text, mark) === text.length;
}

/** An item of a list. */
export interface ListItem {
  /** Columns before its text; lines with as many belong to it. */
  readonly indent: number;
  /** Nothing stands behind the mark. */
  readonly empty: boolean;
  /** Begins also where a paragraph is open. */
  readonly interrupts: boolean;
  /** What stands behind the mark. */
  readonly content: Content;
}

/** @returns the item that a line begins, indented by `indent`. */
export function listItem(indent: number, text: string): ListItem | undefined {
  const mark = /^(?:[-+*]|(\d{1,9})[.)])(?=[ \t]|$)/.exec(text);
  if (!mark) return undefined;
  const column = indent + mark[0].length;
  // Tab stops count from the line's begin: put what was split off back.
  const behind = content(' '.repeat(column) + text.slice(mark[0].length));
  const spaces = behind.indent - column;
  const empty = behind.text === '';
  const numbered = mark[1];
  return {
    indent: empty || spaces > 4 ? column + 1 : behind.indent,
    empty,
    interrupts: !empty && (numbered === undefined || Number(numbered) === 1),
    content: { indent: empty || spaces > 4 ? spaces - 1 : 0, text: behind.text },
  };
}
