/**
 * Compares two paths by the bytes of their UTF-8 form, as git and the manifest do. JavaScript's own order is by
 * UTF-16 units and differs where one path has a character beyond U+FFFF (a surrogate pair, 0xD800…) and the other
 * one from U+E000 to U+FFFF.
 */
export function compareBytes(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return x >= 0xd800 && y >= 0xd800 ? rank(x) - rank(y) : x - y;
  }
  return a.length - b.length;
}

/** Sorts a list in place by the bytes of its paths; what is sorted already, as git's lists are, costs one look. */
export function sortByPath<T extends { readonly path: string }>(entries: T[]): T[] {
  const sorted = entries.every((entry, i) => compareBytes(entries[i - 1]?.path ?? '', entry.path) <= 0);
  return sorted ? entries : entries.sort((a, b) => compareBytes(a.path, b.path));
}

/** Puts surrogates, which begin at U+10000, behind all other units. */
function rank(unit: number): number {
  return unit >= 0xe000 ? unit - 0x800 : unit + 0x2000;
}

/** `a/b` and `c` make `a/b/c`; the root is `''`. */
export function joinPath(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

/** Whether a path is a folder itself or anything below it; all is below `''`. By whole parts: `a/bc` is not below `a/b`. */
export function isBelow(path: string, folder: string): boolean {
  return folder === '' || path === folder || path.startsWith(`${folder}/`);
}

/** The folder that a path is in; `''` for the root. */
export function parentPath(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}

/** Where a symbolic link leads that stays inside: `a/b` with the target `../c` leads to `c`. */
export function linkTarget(link: string, target: string): string {
  const at: string[] = [];
  for (const part of joinPath(parentPath(link), target).split('/')) {
    if (part === '..') at.pop();
    else if (part !== '' && part !== '.') at.push(part);
  }
  return at.join('/');
}

/** The last name in a path. */
export function lastName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** All folders above a path, nearest first, without the root. */
export function* ancestors(path: string): Generator<string> {
  for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) yield path.slice(0, at);
}

/**
 * The entries of a list sorted by {@link compareBytes} that are below a folder (or are the path itself).
 *
 * @param folder - `''` gives all
 */
export function below<T extends { readonly path: string }>(
  sorted: readonly T[],
  folder: string,
): readonly T[] {
  return belowAny(sorted, [folder]);
}

/**
 * The entries of a list sorted by {@link compareBytes} that are below at least one of these folders (or are such a path
 * itself): each once, in their order.
 *
 * @param folders - `''` gives all
 */
export function belowAny<T extends { readonly path: string }>(
  sorted: readonly T[],
  folders: readonly string[],
): readonly T[] {
  const ranges = folders.flatMap((folder) => rangesOf(sorted, folder)).sort((a, b) => a.start - b.start);
  const parts: (readonly T[])[] = [];
  let next = 0;
  for (const { start, end } of ranges) {
    if (start === 0 && end === sorted.length) return sorted;
    parts.push(sorted.slice(Math.max(next, start), end));
    next = Math.max(next, end);
  }
  return parts.flat();
}

/** Where in the list the path itself is, and what is below it. */
function rangesOf(
  sorted: readonly { readonly path: string }[],
  folder: string,
): readonly { readonly start: number; readonly end: number }[] {
  if (folder === '') return [{ start: 0, end: sorted.length }];
  const itself = lowerBound(sorted, folder);
  const start = lowerBound(sorted, `${folder}/`);
  // `0` follows `/`, so this is where the next name could begin.
  const below = { start, end: lowerBound(sorted, `${folder}0`) };
  return sorted[itself]?.path === folder ? [{ start: itself, end: itself + 1 }, below] : [below];
}

/** Whether a list sorted by {@link compareBytes} has entries below a folder. */
export function hasBelow(sorted: readonly { readonly path: string }[], folder: string): boolean {
  if (folder === '') return sorted.length > 0;
  return sorted[lowerBound(sorted, `${folder}/`)]?.path.startsWith(`${folder}/`) === true;
}

/** The entry with exactly this path, in a list sorted by {@link compareBytes}. */
export function entryAt<T extends { readonly path: string }>(
  sorted: readonly T[],
  path: string,
): T | undefined {
  const entry = sorted[lowerBound(sorted, path)];
  return entry?.path === path ? entry : undefined;
}

function lowerBound(sorted: readonly { readonly path: string }[], path: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareBytes(sorted[middle]?.path ?? '', path) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
