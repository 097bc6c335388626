import { applyEdits, type Edit } from '../../schema/edit.js';
import type { Range } from '../../schema/tree.js';

/** A text that was edited. */
export interface EditedText {
  /** From the repository's root. */
  readonly path: string;
  readonly before: string;
  /** In the order of the text, without overlaps. */
  readonly edits: readonly Edit[];
  /** What of the text must not be shown. */
  readonly secrets: readonly Range[];
}

/** Unchanged lines around a change, as `diff -u` shows them. */
const CONTEXT = 3;
/** Takes the place of each hidden character, so that offsets stay right; no file has it by accident. */
const HIDDEN = '\uf8ff';

/**
 * What the edits change, as `diff -u` writes it. Secrets are shown as `***`.
 *
 * @returns lines, without the last line break; empty where nothing changes
 */
export function unifiedDiff({ path, before, edits, secrets }: EditedText): string[] {
  if (edits.length === 0) return [];
  const text = hide(before, secrets);
  const lines = linesOf(text);
  const result: string[] = [`--- a/${path}`, `+++ b/${path}`];
  let shift = 0;
  for (const hunk of hunks(changedLines(text, edits), lines.length)) {
    const body: string[] = [];
    let at = hunk.from;
    for (const { from, to, added } of hunk.changes) {
      body.push(...lines.slice(at, from).map((line) => ` ${line}`));
      body.push(...lines.slice(from, to).map((line) => `-${line}`), ...added.map((line) => `+${line}`));
      at = to;
    }
    body.push(...lines.slice(at, hunk.to).map((line) => ` ${line}`));
    const growth = hunk.changes.reduce((sum, { from, to, added }) => sum + added.length - (to - from), 0);
    const length = hunk.to - hunk.from;
    result.push(`@@ -${range(hunk.from, length)} +${range(hunk.from + shift, length + growth)} @@`);
    result.push(...body.flatMap(shown));
    shift += growth;
  }
  return result;
}

/** Line numbers are from 0; `to` is the line after the last. */
interface LineChange {
  readonly from: number;
  readonly to: number;
  readonly added: readonly string[];
}

interface Hunk {
  readonly from: number;
  readonly to: number;
  readonly changes: readonly LineChange[];
}

function hide(text: string, secrets: readonly Range[]): string {
  return applyEdits(
    text,
    secrets
      .filter(([start, end], i) => secrets.findIndex((each) => each[0] === start && each[1] === end) === i)
      .map(([start, end]) => ({ start, end, text: text.slice(start, end).replace(/[^\r\n]/g, HIDDEN) })),
  );
}

/** Lines with their ends. */
function linesOf(text: string): string[] {
  return text === '' ? [] : text.split(/(?<=\n)/);
}

function changedLines(text: string, edits: readonly Edit[]): LineChange[] {
  const starts = [0];
  for (const line of linesOf(text)) starts.push((starts.at(-1) ?? 0) + line.length);
  const lineOf = (offset: number): number => starts.findLastIndex((start) => start <= offset);
  const groups: { from: number; to: number; edits: Edit[] }[] = [];
  for (const edit of edits) {
    const [from, to] = [lineOf(edit.start), lineOf(Math.max(edit.start, edit.end - 1)) + 1];
    const last = groups.at(-1);
    if (last && from <= last.to) {
      last.to = Math.max(last.to, to);
      last.edits.push(edit);
    } else groups.push({ from, to, edits: [edit] });
  }
  return groups.map((group) => {
    const offset = starts[group.from] ?? 0;
    const part = text.slice(offset, starts[group.to]);
    const moved = group.edits.map(({ start, end, text: put }) => ({
      start: start - offset,
      end: end - offset,
      text: put,
    }));
    return { from: group.from, to: group.to, added: linesOf(applyEdits(part, moved)) };
  });
}

/** Changes whose unchanged lines around them touch are shown together. */
function hunks(changes: readonly LineChange[], lines: number): Hunk[] {
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

function shown(line: string): string[] {
  const text = line.replace(/\r?\n$/, '').replace(/\uf8ff+/g, '***');
  return line.endsWith('\n') ? [text] : [text, '\\ No newline at end of file'];
}
