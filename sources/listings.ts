import { belowAny } from '../generator/contexts/paths.js';

const ALL = '';

/** What a source found below some paths. It looks for the same paths once, and for none once it has listed everything. */
export class Listings<E extends { readonly path: string }> {
  /** By the paths that were looked for. */
  readonly #found = new Map<string, Promise<readonly E[]>>();

  /** @param list - finds what is below some paths from the root, and perhaps more; sorted */
  constructor(private readonly list: (paths: readonly string[]) => Promise<readonly E[]>) {}

  /**
   * The files below these folders, or with these paths; sorted.
   *
   * @param paths - from the root, which is `''`
   */
  async below(paths: readonly string[]): Promise<readonly E[]> {
    const isAll = paths.includes(ALL) || this.#found.has(ALL);
    return belowAny(await this.#listOnce(isAll ? [ALL] : paths), paths);
  }

  async #listOnce(paths: readonly string[]): Promise<readonly E[]> {
    const key = paths.join('\0');
    const found = this.#found.get(key) ?? this.list(paths);
    this.#found.set(key, found);
    try {
      return await found;
    } catch (error) {
      this.#found.delete(key);
      throw error;
    }
  }
}
