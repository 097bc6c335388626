import { at, type ConfigPath, type Tree } from './tree.js';

/** A piece of a text and what takes its place. Offsets as in a `Source`. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** @returns the text with all edits made, which must not overlap. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let at = 0;
  let result = '';
  for (const edit of [...edits].sort((a, b) => a.start - b.start)) {
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return result + text.slice(at);
}

/**
 * The edit that takes a key and its value out of a file, with the comment lines directly above it. All else stays as it
 * was written.
 *
 * @returns undefined where more than whole lines would have to change: between `{` and `}`, for an alias, for a key that
 *   comes from `<<`
 */
export function removal(tree: Tree, path: ConfigPath): Edit | undefined {
  const parent = at(tree, path.slice(0, -1));
  const entry = at(tree, path);
  if (parent?.kind !== 'map' || !entry?.key) return undefined;
  const { text } = entry.source;
  const [start, keyEnd] = entry.key;
  const end = lastOffset(entry, keyEnd);
  const lineEnd = text.indexOf('\n', end) >>> 0;
  if (!/^(?:#|$)/.test(afterValue(text.slice(end, lineEnd)))) return undefined;
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const before = text.slice(lineStart, start);
  if (/^ *$/.test(before))
    return wholeLines(text, commentStart(text, lineStart, before), Math.min(lineEnd + 1, text.length));
  return /^ *(?:- +)+$/.test(before) ? firstOfItem(parent, start, end) : undefined;
}

/** Of two blank lines that come together, one goes, too. */
function wholeLines(text: string, start: number, end: number): Edit {
  const isAfterBlank = /\n\r?\n$/.test(text.slice(Math.max(0, start - 3), start));
  const blank = isAfterBlank ? (/^\r?\n/.exec(text.slice(end, end + 2))?.[0] ?? '') : '';
  return { start, end: end + blank.length, text: '' };
}

/** The first key of a list's item: the next one moves up behind the dash. */
function firstOfItem(item: Extract<Tree, { kind: 'map' }>, start: number, end: number): Edit | undefined {
  const keys = [...item.entries.values()].flatMap(({ key }) => (key && key[0] > start ? [key[0]] : []));
  const next = Math.min(...keys);
  const { text } = item.source;
  return keys.length > 0 && afterValue(text.slice(end, next)) === ''
    ? { start, end: next, text: '' }
    : undefined;
}

/** What follows a value, or a key without a value and its colon. */
function afterValue(text: string): string {
  return text.trim().replace(/^:/, '').trimStart();
}

/** Where the last character of a value is; what follows it belongs to something else. */
function lastOffset(tree: Tree, keyEnd: number): number {
  const { text } = tree.source;
  const [start, end] = tree.range;
  const own = tree.key?.[1] ?? keyEnd;
  const isFlow = text[start] === '{' || text[start] === '[';
  if (tree.kind === 'scalar' || isFlow) return Math.max(own, text.slice(0, end).trimEnd().length);
  const children = tree.kind === 'map' ? [...tree.entries.values()] : tree.items;
  return Math.max(own, ...children.map((child) => lastOffset(child, own)));
}

/** Comments directly above a key, with its indentation, are about it. */
function commentStart(text: string, lineStart: number, indent: string): number {
  let start = lineStart;
  while (start > 0) {
    const above = text.lastIndexOf('\n', start - 2) + 1;
    if (!text.startsWith(`${indent}#`, above)) break;
    start = above;
  }
  return start;
}
