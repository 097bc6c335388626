import { posix } from 'node:path';

import type { ImportedName } from './import-statement.js';
import { INSTALLED_MODULES } from './installed-modules.js';

/** Where an import leads. */
export type ImportTarget =
  /** To these files of the repository: each package on the way, and the module. */
  | {
      readonly kind: 'files';
      readonly files: readonly string[];
      /** A module that is imported as well, unless its package gives something else under this name. */
      readonly submodule?: { readonly file: string; readonly name: string };
    }
  /** To Python's own modules, kfp, or what kfp needs. */
  | { readonly kind: 'installed' }
  /** Somewhere else, or nowhere. */
  | { readonly kind: 'unknown' };

/** The Python files of a repository as the compile step imports them. */
export class LocalModules {
  readonly #top: string;

  /**
   * @param files - paths of every Python file
   * @param pipelinePath - the file that is compiled
   */
  constructor(
    private readonly files: ReadonlySet<string>,
    private readonly pipelinePath: string,
  ) {
    this.#top = this.#packageTop(posix.dirname(pipelinePath));
  }

  /** The packages that hold the pipeline's file: they are imported before it. */
  packages(): string[] {
    const inside = posix.relative(this.#top, posix.dirname(this.pipelinePath));
    const names = inside === '' ? [] : inside.split('/');
    return names.map((_, i) => posix.join(this.#top, ...names.slice(0, i + 1), '__init__.py'));
  }

  /** @param from - the file that imports */
  find({ module, target, bound }: ImportedName, from: string): ImportTarget {
    const dots = /^\.*/.exec(module)?.[0].length ?? 0;
    const names = module.slice(dots).split('.').filter(Boolean);
    const name = bound === '*' || target === module ? undefined : target.split('.').at(-1);
    if (dots > 0) return this.#relative(from, dots, names, name);
    const [first = ''] = names;
    const isInstalled = INSTALLED_MODULES.has(first);
    const folders = [...new Set([this.#top, '.', posix.dirname(this.pipelinePath)])];
    for (const folder of folders) {
      const found = this.#inFolder(folder, names, name);
      // Which of the two Python takes depends on what was imported before.
      if (found) return isInstalled ? { kind: 'unknown' } : found;
    }
    return { kind: isInstalled ? 'installed' : 'unknown' };
  }

  #relative(from: string, dots: number, names: readonly string[], name: string | undefined): ImportTarget {
    const folder = posix.join(posix.dirname(from), ...Array<string>(dots - 1).fill('..'));
    const init = posix.join(folder, '__init__.py');
    const found = this.files.has(init) ? this.#inFolder(folder, names, name, [init]) : undefined;
    return found ?? { kind: 'unknown' };
  }

  /** @returns undefined where the folder doesn't have the first of the names */
  #inFolder(
    folder: string,
    names: readonly string[],
    name: string | undefined,
    above: readonly string[] = [],
  ): ImportTarget | undefined {
    const files = [...above];
    let at = folder;
    for (const [i, each] of names.entries()) {
      const isLast = i === names.length - 1;
      at = posix.join(at, each);
      const init = posix.join(at, '__init__.py');
      if (this.files.has(init)) files.push(init);
      else if (isLast && this.files.has(`${at}.py`)) return { kind: 'files', files: [...files, `${at}.py`] };
      else return i === 0 ? undefined : { kind: 'unknown' };
    }
    const file = posix.join(at, `${name ?? ''}.py`);
    return {
      kind: 'files',
      files,
      ...(name !== undefined && this.files.has(file) && { submodule: { file, name } }),
    };
  }

  /** The folder above the packages that hold a folder. */
  #packageTop(folder: string): string {
    let top = folder;
    while (top !== '.' && this.files.has(posix.join(top, '__init__.py'))) top = posix.dirname(top);
    return top;
  }
}
