import type { Source } from './source.js';

/** Offsets in a source: from the first character to the one after the last. */
export type Range = readonly [start: number, end: number];

/** Text, number, truth value or nothing: what PyYAML makes of a scalar. */
export type Scalar = string | number | boolean | null;

interface SourceSpan {
  readonly source: Source;
  /** Of the value. */
  readonly range: Range;
  /** Of the key in front of it, where it has one. */
  readonly key?: Range;
}

/** A value that knows where each of its parts was written, also after texts were merged. */
export type Tree =
  | (SourceSpan & { readonly kind: 'map'; readonly entries: Map<string, Tree> })
  | (SourceSpan & { readonly kind: 'list'; readonly items: Tree[] })
  | (SourceSpan & {
      readonly kind: 'scalar';
      readonly value: Scalar;
      /** As it was written, without quotes: `3.10`, which is the number 3.1. */
      readonly text: string;
    });

/** Keys of a map and positions in a list, from the root. */
export type ConfigPath = readonly (string | number)[];

/** @returns the plain value; maps are ordinary objects, as no key of a tree is `__proto__`. */
export function toValue(tree: Tree): unknown {
  if (tree.kind === 'scalar') return tree.value;
  if (tree.kind === 'list') return tree.items.map(toValue);
  return Object.fromEntries([...tree.entries].map(([key, child]) => [key, toValue(child)]));
}

function childOf(tree: Tree, step: string | number): Tree | undefined {
  if (tree.kind === 'map') return tree.entries.get(String(step));
  return tree.kind === 'list' ? tree.items[Number(step)] : undefined;
}

/** @returns the part at `path`, or undefined where there is none. */
export function at(tree: Tree, path: ConfigPath): Tree | undefined {
  let here: Tree | undefined = tree;
  for (const step of path) {
    if (here) here = childOf(here, step);
  }
  return here;
}

/** @returns the part at `path` or its nearest parent, and whether it is the part itself. */
export function nearest(tree: Tree, path: ConfigPath): { tree: Tree; found: boolean } {
  let here = tree;
  for (const step of path) {
    const child = childOf(here, step);
    if (!child) return { tree: here, found: false };
    here = child;
  }
  return { tree: here, found: true };
}

/** @returns the text at `path`, or undefined where something else or nothing is. */
export function textAt(tree: Tree, path: ConfigPath): string | undefined {
  const found = at(tree, path);
  return found?.kind === 'scalar' && typeof found.value === 'string' ? found.value : undefined;
}

/** @returns the items of the list at `path`; none where something else is. */
export function itemsAt(tree: Tree, path: ConfigPath): readonly Tree[] {
  const found = at(tree, path);
  return found?.kind === 'list' ? found.items : [];
}

/** @returns a tree in which `over` wins: maps are merged deeply, all else is replaced. */
export function merge(base: Tree, over: Tree): Tree {
  if (base.kind !== 'map' || over.kind !== 'map') return over;
  const entries = new Map(base.entries);
  for (const [key, child] of over.entries) {
    const below = entries.get(key);
    entries.set(key, below ? merge(below, child) : child);
  }
  return { ...base, entries };
}

/** @returns how people write a path: `image_builder.images[2].name`. */
export function formatPath(path: ConfigPath): string {
  const text = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('');
  return text.replace(/^\./, '');
}
