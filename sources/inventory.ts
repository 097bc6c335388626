import { formatBytes } from '../common/bytes.js';
import { ConfigError } from '../schema/diagnostic.js';

/** How many files a repository may have where no settings say so; the default of `limits.repository_files`, too. */
export const REPOSITORY_FILES = 300_000;

/** Bytes of a file's path, and of what git says of it, on average: a list of long paths must not fill the memory either. */
const BYTES_EACH = 300;

/** Counts what is listed of a repository while it comes in, and stops it before it is all in memory. */
export class Inventory {
  #entries = 0;
  #bytes = 0;

  /**
   * @param what - is listed, for errors: `commit 1a2b…`
   * @param files - how many files and folders it may have
   */
  constructor(
    private readonly what: string,
    private readonly files: number,
  ) {}

  /**
   * @param entries - further files or folders
   * @param bytes - of their paths, or of git's lines with them
   * @throws ConfigError beyond the limit
   */
  add(entries: number, bytes: number): void {
    this.#entries += entries;
    this.#bytes += bytes;
    if (this.#entries > this.files) {
      throw this.#beyond(`${this.what} has more than ${this.files.toLocaleString('en')} files and folders`);
    }
    const most = this.files * BYTES_EACH + 2 ** 20;
    if (this.#bytes > most) {
      throw this.#beyond(`the paths of ${this.what} are longer than ${formatBytes(most)} together`);
    }
  }

  #beyond(message: string): ConfigError {
    const hint =
      'remove from the repository what no image needs, or raise `limits.repository_files` in the settings';
    return new ConfigError([{ code: 'CONTEXT_LIMIT', severity: 'error', message, hint }]);
  }
}
