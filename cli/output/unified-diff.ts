import { hunkLines, type LineChange } from '../../common/hunks.js';
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
  return [`--- a/${path}`, `+++ b/${path}`, ...hunkLines(lines, changedLines(text, edits), shown)];
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

function shown(line: string): string[] {
  const text = line.replace(/\r?\n$/, '').replace(/\uf8ff+/g, '***');
  return line.endsWith('\n') ? [text] : [text, '\\ No newline at end of file'];
}
