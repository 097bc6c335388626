import { setImmediate } from 'node:timers/promises';

import { GitError, runGit } from '../run-git.js';
import { noCommit } from './errors.js';
import type { GitDir } from './git-dir.js';
import { transfer, type Remote } from './transfer.js';

/** How many objects are asked for at once. */
const AT_ONCE = 10_000;

/** The size of each blob, in bytes. */
export type Sizes = ReadonlyMap<string, number>;

/**
 * Brings the contents of files here: those that are not here yet, and what is asked for at the same time at once. Git is
 * asked once about each.
 */
export class Blobs {
  readonly #asked = new Set<string>();
  readonly #sizes = new Map<string, number>();
  #last: Promise<unknown> = Promise.resolve();
  #next: Promise<Sizes> | undefined;

  constructor(
    private readonly gitDir: GitDir,
    private readonly remote: Remote,
    private readonly commit: string,
  ) {}

  /**
   * @returns their sizes, and perhaps those of others
   * @throws GitError when git cannot say what is here
   */
  need(ids: Iterable<string>): Promise<Sizes> {
    const unknown = [...ids].filter((id) => !this.#sizes.has(id));
    if (unknown.length === 0) return Promise.resolve(this.#sizes);
    for (const id of unknown) this.#asked.add(id);
    this.#next ??= this.#getAfter(this.#last);
    return this.#next;
  }

  async #getAfter(last: Promise<unknown>): Promise<Sizes> {
    await last.catch(() => undefined);
    await setImmediate();
    const ids = [...this.#asked];
    this.#asked.clear();
    this.#next = undefined;
    const work = this.#get(ids);
    this.#last = work;
    return work;
  }

  async #get(ids: readonly string[]): Promise<Sizes> {
    const missing = await this.#findMissing(ids);
    for (let i = 0; i < missing.length; i += AT_ONCE) await this.#fetch(missing.slice(i, i + AT_ONCE));
    const [still] = await this.#findMissing(missing);
    if (still !== undefined) {
      throw new GitError(`${this.remote.url.href} did not send object ${still}`, 'ask again');
    }
    return this.#sizes;
  }

  /** Adds the sizes of what is here. @returns what is not */
  async #findMissing(ids: readonly string[]): Promise<string[]> {
    if (ids.length === 0) return [];
    const { signal } = this.remote;
    const { stdout } = await runGit(this.gitDir.folder, ['cat-file', '--batch-check', '--buffer'], {
      input: `${ids.join('\n')}\n`,
      ...(signal && { signal }),
    });
    const missing: string[] = [];
    const lines = stdout.toString('latin1').split('\n');
    ids.forEach((id, i) => {
      const [, type, size] = (lines[i] ?? '').split(' ');
      if (type === 'blob') this.#sizes.set(id, Number(size));
      else missing.push(id);
    });
    return missing;
  }

  async #fetch(ids: readonly string[]): Promise<void> {
    const { gitDir, remote } = this;
    const end = await transfer(remote, {
      gitDir: gitDir.folder,
      args: [...FETCH, '--stdin', 'origin'],
      input: `${ids.join('\n')}\n`,
      // What is here does not help with contents.
      settings: [['fetch.negotiationAlgorithm', 'noop']],
      incoming: gitDir.objects,
      clear: () => gitDir.clear(),
    });
    if (end === 'no-object') throw noCommit(remote.url.href, this.commit);
    await gitDir.keep();
  }
}

/** Fetches objects, and writes nothing else. */
export const FETCH = [
  'fetch',
  '--no-tags',
  '--no-write-fetch-head',
  '--no-auto-gc',
  '--no-progress',
  '--no-recurse-submodules',
  '--filter=blob:none',
];
