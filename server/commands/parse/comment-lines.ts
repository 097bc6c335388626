/** Why a line is no command, whatever it says. Completes the sentence "The line is …". */
export type SkipReason =
  'in a code block' | 'in an HTML comment' | 'quoted' | 'in a list' | 'indented by four spaces or more';

/** A line of a comment. */
export interface CommentLine {
  /** Without its indentation, quote markers and list markers. */
  readonly text: string;
  /** From 1. */
  readonly number: number;
  /** Absent: the line is a command if its text is one. */
  readonly skip?: SkipReason;
}

/**
 * The lines of a comment, and which of them can't be commands: those in fenced code and HTML comments, and those that
 * begin with something else. Fences open and close as in CommonMark, also at the start of a list item. A comment at the
 * start of a line continues to its `-->`; within a paragraph it must end there. Linear: looks at each character a few times.
 */
export function* commentLines(body: string): Generator<CommentLine> {
  const lines = body.split(/\r\n|\n|\r/).map(content);
  const comments = new HtmlComments(lines);
  let fence: Fence | undefined;
  /** The last line of the HTML comment that is open. */
  let commentEnd = -1;
  for (const [i, line] of lines.entries()) {
    const number = i + 1;
    if (fence) {
      if (!closes(fence, line)) yield { text: line.inner, number, skip: 'in a code block' };
      else fence = undefined;
    } else if (i <= commentEnd) {
      yield { text: line.inner, number, skip: 'in an HTML comment' };
      if (i === commentEnd) commentEnd = comments.openAt(i, line.whole.indexOf('-->') + 3);
    } else {
      fence = line.fence;
      if (fence) continue;
      commentEnd = comments.openAt(i, 0);
      yield { text: line.text, number, ...(line.skip && { skip: line.skip }) };
    }
  }
}

interface Content {
  readonly whole: string;
  /** Without indentation. */
  readonly inner: string;
  /** Without indentation, quote markers and list markers. */
  readonly text: string;
  readonly skip?: SkipReason;
  /** Columns of the indentation, with tab stops every 4. */
  readonly indent: number;
  /** The code block that it opens, if none is open. */
  readonly fence?: Fence;
}

interface Fence {
  readonly mark: string;
  readonly length: number;
  /** A line that closes it has at most this indentation. */
  readonly mostIndent: number;
}

function content(whole: string): Content {
  const [start, indent] = afterSpaces(whole, 0, 0);
  let [i, column] = [start, indent];
  let isQuoted = false;
  let isListed = false;
  for (let length = markerAt(whole, i); length > 0; length = markerAt(whole, i)) {
    if (whole[i] === '>') isQuoted = true;
    else isListed = true;
    [i, column] = afterSpaces(whole, i + length, column + length);
  }
  const text = whole.slice(i);
  const skip = isQuoted
    ? 'quoted'
    : isListed
      ? 'in a list'
      : indent >= 4
        ? 'indented by four spaces or more'
        : undefined;
  const mayOpen = !isQuoted && (isListed || indent < 4);
  const fence = mayOpen ? fenceAt(text, isListed ? column + 3 : 3) : undefined;
  return { whole, inner: whole.slice(start), text, indent, ...(skip && { skip }), ...(fence && { fence }) };
}

/** @returns the next character that is no space or tab, and its column */
function afterSpaces(line: string, from: number, fromColumn: number): [at: number, column: number] {
  let [at, column] = [from, fromColumn];
  for (; line[at] === ' ' || line[at] === '\t'; at++) column += line[at] === '\t' ? 4 - (column % 4) : 1;
  return [at, column];
}

/** @returns the length of the quote marker or list marker there, else 0 */
function markerAt(line: string, at: number): number {
  const mark = line[at];
  if (mark === '>') return 1;
  let end = at;
  if (mark === '-' || mark === '+' || mark === '*') end++;
  else {
    while (end - at < 9 && isDigit(line[end])) end++;
    if (end === at || (line[end] !== '.' && line[end] !== ')')) return 0;
    end++;
  }
  const next = line[end];
  return next === undefined || next === ' ' || next === '\t' ? end - at : 0;
}

function isDigit(character: string | undefined): boolean {
  return character !== undefined && character >= '0' && character <= '9';
}

function fenceAt(text: string, mostIndent: number): Fence | undefined {
  const mark = text[0];
  if (mark !== '`' && mark !== '~') return undefined;
  const length = runLength(text, mark);
  // Backticks after backticks are a code span.
  if (length < 3 || (mark === '`' && text.includes('`', length))) return undefined;
  return { mark, length, mostIndent };
}

function closes({ mark, length, mostIndent }: Fence, { indent, inner }: Content): boolean {
  const run = runLength(inner, mark);
  return run >= length && indent <= mostIndent && afterSpaces(inner, run, 0)[0] === inner.length;
}

function runLength(text: string, mark: string): number {
  let length = 0;
  while (text[length] === mark) length++;
  return length;
}

/** Finds where HTML comments end. */
class HtmlComments {
  /** For each line: the first one from there on that has `-->`. */
  readonly #close: number[];
  /** For each line: the first one from there on that ends a paragraph. */
  readonly #paragraphEnd: number[];

  constructor(private readonly lines: readonly Content[]) {
    this.#close = nextOf(lines, ({ whole }) => whole.includes('-->'));
    this.#paragraphEnd = nextOf(lines, ({ inner, fence }) => inner === '' || fence !== undefined);
  }

  /** @returns the last line of the comment that this line opens from a position on and leaves open; else -1 */
  openAt(number: number, from: number): number {
    const line = this.lines[number];
    if (!line) return -1;
    const { whole, text, skip } = line;
    const begin = skip === undefined || skip === 'in a list' ? whole.length - text.length : -1;
    for (let open = whole.indexOf('<!--', from); open >= 0;) {
      // `<!-->` and `<!--->` are whole comments.
      const close = whole.indexOf('-->', open + 2);
      if (close < 0) {
        const end = this.#close[number + 1] ?? Infinity;
        if (open === begin) return end;
        return end < (this.#paragraphEnd[number + 1] ?? Infinity) ? end : -1;
      }
      open = whole.indexOf('<!--', close + 3);
    }
    return -1;
  }
}

/** For each line the number of the first one from there on for which it's true; Infinity if there is none. */
function nextOf(lines: readonly Content[], isIt: (line: Content) => boolean): number[] {
  const next = new Array<number>(lines.length);
  let last = Infinity;
  for (let i = lines.length - 1; i >= 0; i--) {
    const line = lines[i];
    if (line && isIt(line)) last = i;
    next[i] = last;
  }
  return next;
}
