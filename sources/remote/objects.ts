import { realpath } from 'node:fs/promises';

import { formatBytes } from '../../common/bytes.js';
import type { CommitObjects, PlacedPointer } from '../commit-source.js';
import { listTree } from '../list-tree.js';
import { Listings } from '../listings.js';
import { GitError, runGit } from '../run-git.js';
import { notFetched } from '../submodules/problems.js';
import type { ListedEntry } from '../submodules/types.js';
import { Blobs, FETCH, type Sizes } from './blobs.js';
import { beyondLimit, cacheFailed, noCommit, RemoteError } from './errors.js';
import type { GitDir } from './git-dir.js';
import { fetchLfs } from './lfs.js';
import type { Store } from './store.js';
import { transfer, type Remote, type Transfer, type TransferEnd } from './transfer.js';
import type { CacheLog } from './types.js';

/** What the folders of a commit may have, packed: those of the largest repositories have a tenth of it. */
const FOLDERS_BYTES = 2 ** 29;

/** The objects of one commit, fetched when they are needed. */
export class RemoteObjects implements CommitObjects {
  lfsHint = '';
  #blobs: Blobs;
  readonly #tree: Listings<ListedEntry>;
  #repair: Promise<void> | undefined;

  constructor(
    private readonly store: Store,
    private readonly gitDir: GitDir,
    private readonly remote: Remote,
    private readonly commit: string,
    private readonly log: CacheLog | undefined,
  ) {
    this.#blobs = new Blobs(gitDir, remote, commit);
    this.#tree = new Listings((paths) =>
      listTree(gitDir.folder, commit, paths, remote.limits.files, this.#ending),
    );
  }

  /**
   * Fetches the commit with its folders where it is not here, and checks that it is the one.
   *
   * @throws ConfigError (REVISION) when the remote has no such commit
   */
  async open(): Promise<void> {
    await this.#repairing(() => this.#fetchCommit());
  }

  async #fetchCommit(): Promise<void> {
    const { store, gitDir, remote, commit } = this;
    const unknown = noCommit(remote.url.href, commit);
    if (!(await store.has(commit))) {
      if ((await this.#transferCommit()) === 'no-object') throw unknown;
      await gitDir.keep();
    }
    const { stdout } = await runGit(gitDir.folder, ['cat-file', '-t', commit], this.#ending);
    if (stdout.toString('latin1') !== 'commit\n') throw unknown;
    await store.note(commit);
  }

  async #transferCommit(): Promise<TransferEnd> {
    const { gitDir, remote, commit } = this;
    const work: Transfer = {
      gitDir: gitDir.folder,
      // A full id is always the object of this id: no name of a branch or tag is looked up for it.
      args: [...FETCH, '--depth=1', 'origin', commit],
      incoming: gitDir.objects,
      clear: () => gitDir.clear(),
      mostBytes: FOLDERS_BYTES,
    };
    try {
      return await transfer(remote, work);
    } catch (error) {
      if (!(error instanceof RemoteError) || error.reason !== 'unclear') throw error;
      // It may be about a commit that the remote was told of, and that is here in part.
      await gitDir.know([]);
      return transfer(remote, work);
    }
  }

  async tree(paths: readonly string[], isWanted: (path: string) => boolean): Promise<readonly ListedEntry[]> {
    return this.#repairing(() => this.#list(paths, isWanted));
  }

  async #list(
    paths: readonly string[],
    isWanted: (path: string) => boolean,
  ): Promise<readonly ListedEntry[]> {
    const { bytes } = this.remote.limits;
    const wanted = (await this.#tree.below(paths)).filter(({ path }) => isWanted(path));
    const ids = new Set(wanted.flatMap(({ blob }) => blob ?? []));
    const sizes = ids.size === 0 ? new Map<string, number>() : await this.#blobs.need(ids);
    const sum = sumOf(ids, sizes);
    if (sum > bytes) {
      const message = `the files of commit ${this.commit} in the folders of its contexts have ${formatBytes(sum)}, and the limit is ${formatBytes(bytes)}`;
      throw beyondLimit(message);
    }
    return wanted.map((entry) => {
      if (entry.commit !== undefined) return { problem: notFetched(entry.path), ...entry };
      return { ...entry, size: sizes.get(entry.blob ?? '') ?? 0 };
    });
  }

  async lfs(pointers: readonly PlacedPointer[]): Promise<string> {
    const { store, gitDir, remote, log } = this;
    this.lfsHint = await fetchLfs({ store, gitDir, remote, log }, pointers);
    return realpath(store.lfs);
  }

  /** Does something; where what is kept turns out to be damaged, it is fetched again, once, and the work is repeated. */
  async #repairing<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof GitError) || this.#repair !== undefined)
        throw cacheFailed(this.store.folder, error);
      this.log?.warn({ folder: this.store.folder, err: error }, 'kept objects are damaged: fetching again');
      this.#repair = this.#renew();
      await this.#repair;
      return work();
    }
  }

  async #renew(): Promise<void> {
    const { store, gitDir } = this;
    await store.drop();
    await store.enter();
    await gitDir.clear();
    await gitDir.know([]);
    this.#blobs = new Blobs(gitDir, this.remote, this.commit);
    await this.#fetchCommit();
  }

  get #ending(): { signal?: AbortSignal } {
    const { signal } = this.remote;
    return signal ? { signal } : {};
  }
}

function sumOf(ids: ReadonlySet<string>, sizes: Sizes): number {
  let sum = 0;
  for (const id of ids) sum += sizes.get(id) ?? 0;
  return sum;
}
