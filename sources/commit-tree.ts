import { belowAny } from '../generator/contexts/paths.js';
import type { ListedEntry } from './submodules/types.js';

/** Which files of a commit there are. A commit never changes: once all of it was listed, git isn't asked again. */
export class CommitTree {
  #all: Promise<readonly ListedEntry[]> | undefined;

  /** @param list - lists what is below some paths from the commit's root, and perhaps more; sorted */
  constructor(private readonly list: (paths: readonly string[]) => Promise<readonly ListedEntry[]>) {}

  /**
   * The files below these folders, or with these paths; sorted.
   *
   * @param paths - from the commit's root, which is `''`
   */
  async below(paths: readonly string[]): Promise<readonly ListedEntry[]> {
    if (paths.includes('')) this.#all ??= this.#listAll();
    return belowAny(await (this.#all ?? this.list(paths)), paths);
  }

  async #listAll(): Promise<readonly ListedEntry[]> {
    try {
      return await this.list(['']);
    } catch (error) {
      this.#all = undefined;
      throw error;
    }
  }
}
