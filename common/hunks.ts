/** Lines of a text that were replaced. Numbers are from 0; `to` is the line after the last. */
export interface LineChange {
  readonly from: number;
  readonly to: number;
  readonly added: readonly string[];
}

interface Hunk {
  readonly from: number;
  readonly to: number;
  readonly changes: readonly LineChange[];
}

/** Unchanged lines around a change, as `diff -u` shows them. */
const CONTEXT = 3;

/**
 * The hunks of a diff, as `diff -u` writes them: `@@ -1,4 +1,5 @@` and the lines with their marks.
 *
 * @param lines - of the text before
 * @param changes - in the order of the text, without overlaps
 * @param shown - how a line with its mark is written; it may become several
 */
export function hunkLines(
  lines: readonly string[],
  changes: readonly LineChange[],
  shown: (line: string) => readonly string[] = (line) => [line],
): string[] {
  const result: string[] = [];
  let shift = 0;
  for (const hunk of hunksOf(changes, lines.length)) {
    const body: string[] = [];
    let at = hunk.from;
    for (const { from, to, added } of hunk.changes) {
      for (const line of lines.slice(at, from)) body.push(` ${line}`);
      for (const line of lines.slice(from, to)) body.push(`-${line}`);
      for (const line of added) body.push(`+${line}`);
      at = to;
    }
    for (const line of lines.slice(at, hunk.to)) body.push(` ${line}`);
    const growth = hunk.changes.reduce((sum, { from, to, added }) => sum + added.length - (to - from), 0);
    const length = hunk.to - hunk.from;
    result.push(`@@ -${range(hunk.from, length)} +${range(hunk.from + shift, length + growth)} @@`);
    for (const line of body) result.push(...shown(line));
    shift += growth;
  }
  return result;
}

/** Changes whose unchanged lines around them touch are shown together. */
function hunksOf(changes: readonly LineChange[], lines: number): Hunk[] {
  const found: { from: number; to: number; changes: LineChange[] }[] = [];
  for (const change of changes) {
    const to = Math.min(lines, change.to + CONTEXT);
    const last = found.at(-1);
    if (last && change.from - CONTEXT <= last.to) {
      last.to = to;
      last.changes.push(change);
    } else found.push({ from: Math.max(0, change.from - CONTEXT), to, changes: [change] });
  }
  return found;
}

/** An empty range is named by the line before it. */
function range(from: number, length: number): string {
  const start = length === 0 ? from : from + 1;
  return length === 1 ? String(start) : `${start},${length}`;
}
