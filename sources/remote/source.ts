import type { Readable } from 'node:stream';

import type { IdentifiedEntry, ListOptions, Revision, SourceEntry } from '../../generator/ports.js';
import { GitCommitSource } from '../commit-source.js';
import { GitError } from '../run-git.js';
import type { RemoteObjects } from './objects.js';
import type { RemoteSource } from './types.js';

/** An open commit of a remote repository. */
export class OpenCommit implements RemoteSource {
  readonly revision: Revision;
  readonly #files: GitCommitSource;
  #damaged = false;
  #disposed: Promise<void> | undefined;

  constructor(
    folder: string,
    commit: string,
    objects: RemoteObjects,
    private readonly signal: AbortSignal | undefined,
    private readonly close: (damaged: boolean) => Promise<void>,
  ) {
    this.#files = new GitCommitSource(folder, commit, '', objects);
    this.revision = this.#files.revision;
  }

  list(paths: readonly string[], options?: ListOptions): Promise<readonly SourceEntry[]> {
    return this.#noting(() => this.#files.list(paths, options));
  }

  identify(entries: readonly SourceEntry[]): Promise<readonly IdentifiedEntry[]> {
    return this.#noting(() => this.#files.identify(entries));
  }

  async *read(
    entries: readonly IdentifiedEntry[],
  ): AsyncGenerator<{ entry: IdentifiedEntry; content: Readable }> {
    try {
      for await (const each of this.#files.read(entries)) {
        this.signal?.throwIfAborted();
        each.content.once('error', (error: unknown) => {
          this.#note(error);
        });
        yield each;
      }
    } catch (error) {
      this.#note(error);
      throw error;
    }
  }

  text(path: string): Promise<string | undefined> {
    return this.#noting(() => this.#files.text(path));
  }

  dispose(): Promise<void> {
    this.#disposed ??= this.close(this.#damaged);
    return this.#disposed;
  }

  async #noting<T>(work: () => Promise<T>): Promise<T> {
    this.signal?.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      this.#note(error);
      throw error;
    }
  }

  /** What git cannot read is fetched again by the next request. */
  #note(error: unknown): void {
    if (error instanceof GitError) this.#damaged = true;
  }
}
