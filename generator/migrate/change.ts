import { isDeepStrictEqual } from 'node:util';

import { hasErrors } from '../../schema/diagnostic.js';
import { readDocument } from '../../schema/document.js';
import { applyEdits, removal, type Edit } from '../../schema/edit.js';
import { Source } from '../../schema/source.js';
import { at, toValue, type ConfigPath, type Tree } from '../../schema/tree.js';

/** What to change in a YAML file: a key is removed, or the end of a text is cut off. */
export type Change =
  | { readonly kind: 'remove'; readonly path: ConfigPath }
  | { readonly kind: 'cut-end'; readonly path: ConfigPath; readonly end: string };

/** A file with changes made. */
export interface ChangedText {
  readonly after: string;
  /** Of the text before, in its order. */
  readonly edits: readonly Edit[];
  /** Changes that were made; for the others, the file's layout is too unusual. */
  readonly made: ReadonlySet<Change>;
}

/**
 * Makes changes in a file, and leaves all else in it as it is: comments, order, quotes. Reads the result again: it is used
 * only if it holds what the changes say and nothing else.
 */
export function makeChanges(tree: Tree, changes: readonly Change[]): ChangedText {
  const { text } = tree.source;
  const possible = changes.flatMap((change) => {
    const edit = editFor(tree, change);
    return edit ? [{ change, edit }] : [];
  });
  const all = isExact(tree, possible) ? possible : possible.filter((one) => isExact(tree, [one]));
  const kept = isExact(tree, all) ? all : [];
  const edits = kept.map(({ edit }) => edit).sort((a, b) => a.start - b.start);
  return { after: applyEdits(text, edits), edits, made: new Set(kept.map(({ change }) => change)) };
}

interface PossibleChange {
  readonly change: Change;
  readonly edit: Edit;
}

function editFor(tree: Tree, change: Change): Edit | undefined {
  if (change.kind === 'remove') return removal(tree, change.path);
  const value = at(tree, change.path);
  if (!value) return undefined;
  const written = value.source.text.slice(...value.range);
  const quote = /['"]$/.exec(written)?.[0] ?? '';
  if (!written.endsWith(change.end + quote)) return undefined;
  const end = value.range[1] - quote.length;
  return { start: end - change.end.length, end, text: '' };
}

function isExact(tree: Tree, possible: readonly PossibleChange[]): boolean {
  const edits = possible.map(({ edit }) => edit).sort((a, b) => a.start - b.start);
  if (edits.some((edit, i) => edit.start < (edits[i - 1]?.end ?? 0))) return false;
  const { file, text } = tree.source;
  const read = readDocument(new Source(file, applyEdits(text, edits)));
  if (!read.tree || hasErrors(read.diagnostics)) return false;
  const expected = toValue(tree);
  for (const { change } of possible) {
    if (change.kind === 'remove') remove(expected, change.path);
    else cut(expected, change);
  }
  return isDeepStrictEqual(toValue(read.tree), expected);
}

function remove(value: unknown, path: ConfigPath): void {
  const parent = parentOf(value, path);
  Reflect.deleteProperty(parent, String(path.at(-1)));
}

function cut(value: unknown, { path, end }: Extract<Change, { kind: 'cut-end' }>): void {
  const parent = parentOf(value, path);
  const key = String(path.at(-1));
  parent[key] = String(parent[key]).slice(0, -end.length);
}

/** The path is one of the tree's. */
function parentOf(value: unknown, path: ConfigPath): Record<string, unknown> {
  return path.slice(0, -1).reduce((inner, step) => (inner as Record<string, unknown>)[step], value) as Record<
    string,
    unknown
  >;
}
