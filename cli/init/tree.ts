import { joinPath, parentPath } from '../../generator/contexts/paths.js';

/** The files of a repository, and its folders, which are there because a file is in them. */
export class Tree {
  readonly folders = new Set<string>(['']);
  readonly #paths = new Set<string>();

  constructor(readonly files: readonly string[]) {
    for (const file of files) {
      this.#paths.add(file);
      for (let folder = parentPath(file); folder !== ''; folder = parentPath(folder)) {
        this.folders.add(folder);
        this.#paths.add(folder);
      }
    }
  }

  /** Whether a folder has what a `COPY` names: a path, or a pattern with `*`, `?` or `[…]` that finds something. */
  has(folder: string, source: string): boolean {
    if (source === '') return true;
    const path = joinPath(folder, source);
    if (!/[*?[]/.test(source)) return this.#paths.has(path);
    const segments = path.split('/');
    return [...this.#paths].some((each) => {
      const parts = each.split('/');
      return parts.length === segments.length && parts.every((part, i) => matches(segments[i] ?? '', part));
    });
  }

  /** The folders with this base name. */
  named(name: string): string[] {
    return [...this.folders].filter(
      (folder) => folder !== '' && folder.slice(folder.lastIndexOf('/') + 1) === name,
    );
  }
}

/** A pattern is short, and a name has no `/`. */
function matches(pattern: string, name: string): boolean {
  const [literal = '', ...rest] = pattern.split(/[*?[].*/s);
  return rest.length === 0 ? pattern === name : name.startsWith(literal);
}
