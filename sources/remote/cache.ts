import { readdir, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { formatOf } from '../../common/git-blob.js';
import { REPOSITORY_FILES } from '../inventory.js';
import { checkUrl } from './access.js';
import { bytesIn } from './disk.js';
import { cacheFailed, noCommit } from './errors.js';
import { GitDir } from './git-dir.js';
import { RemoteObjects } from './objects.js';
import { OPEN, Opens } from './opens.js';
import { OpenCommit } from './source.js';
import { MOST_PACKS, REMOVED, removeWhole, Store } from './store.js';
import type { Remote } from './transfer.js';
import type { OpenRequest, RemoteSource, RepositoryCache, RepositoryCacheOptions } from './types.js';

const LIMITS = { files: REPOSITORY_FILES, bytes: 8 * 2 ** 30 };
const PACE = { transferMs: 600_000, firstDelayMs: 1000, attempts: 4 };

const KEY = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/**
 * A cache of remote repositories in a folder. Of each it keeps the objects that were needed, without history; git runs
 * for each open commit in a small repository of its own that borrows them, so that commands, also of several processes,
 * never wait for each other's locks, and a killed process leaves no lock behind.
 */
export function repositoryCache(options: RepositoryCacheOptions): RepositoryCache {
  return new Cache(options);
}

class Cache implements RepositoryCache {
  readonly #folder: string;
  readonly #stores: string;
  readonly #opens: Opens;
  #trimming: Promise<void> = Promise.resolve();

  constructor(private readonly options: RepositoryCacheOptions) {
    this.#folder = resolve(options.folder);
    this.#stores = join(this.#folder, 'repositories');
    this.#opens = new Opens(join(this.#folder, OPEN));
  }

  async open(request: OpenRequest): Promise<RemoteSource> {
    const { key, commit } = request;
    const remote = this.#remote(request);
    if (!KEY.test(key)) throw new Error(`${JSON.stringify(key)} is no key of a repository`);
    if (!COMMIT.test(commit)) throw noCommit(remote.url.href, JSON.stringify(commit.slice(0, 100)));
    request.signal?.throwIfAborted();
    const format = formatOf(commit);
    const name = format === 'sha1' ? key : `${key}@sha256`;
    let folder: string | undefined;
    try {
      folder = await this.#opens.add(name);
      const store = new Store(join(this.#stores, name));
      await store.enter();
      const gitDir = new GitDir(folder, store);
      await gitDir.make(format);
      const objects = new RemoteObjects(store, gitDir, remote, commit, this.options.log);
      await objects.open();
      return new OpenCommit(folder, commit, objects, request.signal, (damaged) =>
        this.#close(gitDir.folder, store, damaged),
      );
    } catch (error) {
      if (folder !== undefined) await this.#opens.remove(folder).catch(() => undefined);
      throw cacheFailed(this.#folder, error);
    }
  }

  #remote({ url, token, signal, limits }: OpenRequest): Remote {
    return {
      url: checkUrl(url),
      token: token ?? (() => Promise.resolve(undefined)),
      signal,
      limits: limits ?? this.options.limits ?? LIMITS,
      pace: { ...PACE, ...this.options.pace },
    };
  }

  async #close(folder: string, store: Store, damaged: boolean): Promise<void> {
    try {
      if (damaged) await store.drop();
      else await store.touch();
      await this.#opens.remove(folder);
      this.#trimming = this.#trimming.then(() => this.#trim());
      await this.#trimming;
    } catch (error) {
      this.options.log?.warn({ folder, err: error }, 'the cache of repositories cannot be tidied up');
    }
  }

  /** Drops what nobody uses, longest not used first, until the rest fits; and what is in too many pieces. */
  async #trim(): Promise<void> {
    const inUse = await this.#opens.inUse();
    const stores = [];
    for (const name of await readdir(this.#stores)) {
      const folder = join(this.#stores, name);
      if (name.endsWith(REMOVED)) {
        await rm(folder, { recursive: true, force: true, maxRetries: 5 });
        continue;
      }
      const there = await stat(folder).catch(() => undefined);
      const bytes = await bytesIn(folder);
      if (there) stores.push({ name, folder, bytes, used: there.mtimeMs });
    }
    let total = stores.reduce((sum, { bytes }) => sum + bytes, 0);
    for (const { name, folder, bytes } of stores.sort((a, b) => a.used - b.used)) {
      if (inUse.has(name)) continue;
      const packs = await readdir(join(folder, 'objects', 'pack')).catch(() => []);
      if (total <= this.options.maxBytes && packs.filter(isPack).length <= MOST_PACKS) continue;
      this.options.log?.info({ repository: name, bytes }, 'dropped from the cache of repositories');
      await removeWhole(folder);
      total -= bytes;
    }
  }
}

function isPack(name: string): boolean {
  return name.endsWith('.pack');
}
