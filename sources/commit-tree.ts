import { belowAny } from '../generator/contexts/paths.js';
import type { ListedEntry } from './submodules/types.js';

const ALL = '';

/**
 * Which files of a commit there are. A commit never changes: git isn't asked about the same paths again, and about none
 * once all of it was listed.
 */
export class CommitTree {
  /** By the paths that were asked about. */
  readonly #lists = new Map<string, Promise<readonly ListedEntry[]>>();

  /** @param list - lists what is below some paths from the commit's root, and perhaps more; sorted */
  constructor(private readonly list: (paths: readonly string[]) => Promise<readonly ListedEntry[]>) {}

  /**
   * The files below these folders, or with these paths; sorted.
   *
   * @param paths - from the commit's root, which is `''`
   */
  async below(paths: readonly string[]): Promise<readonly ListedEntry[]> {
    const isAll = paths.includes(ALL) || this.#lists.has(ALL);
    return belowAny(await this.#listOnce(isAll ? [ALL] : paths), paths);
  }

  async #listOnce(paths: readonly string[]): Promise<readonly ListedEntry[]> {
    const key = paths.join('\0');
    const listed = this.#lists.get(key) ?? this.list(paths);
    this.#lists.set(key, listed);
    try {
      return await listed;
    } catch (error) {
      this.#lists.delete(key);
      throw error;
    }
  }
}
