import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { repositoryCache, type RepositoryCacheOptions } from '../../../sources/remote/index.js';
import type { RemoteSource, RepositoryCache } from '../../../sources/remote/index.js';
import { GitServer } from '../../fixtures/git-server.js';
import { git, newFolder, removeFolders, write, type TestFile } from './repository.js';

/** A git server with repositories, caches, and what was opened from them. */
export class Remotes {
  private readonly opened: RemoteSource[] = [];

  private constructor(
    readonly server: GitServer,
    private readonly root: string,
  ) {}

  static async start(): Promise<Remotes> {
    const root = newFolder();
    return new Remotes(await GitServer.start(root), root);
  }

  /** To be called after each test. */
  async stop(): Promise<void> {
    await Promise.all(this.opened.splice(0).map((source) => source.dispose()));
    await this.server.stop();
    removeFolders();
  }

  /** A repository on the server, as GitHub serves it. @returns its folder */
  repository(name: string, files: Readonly<Record<string, TestFile>>, ...init: string[]): string {
    const folder = join(this.root, `${name}.git`);
    git(this.root, 'init', '-q', '-b', 'main', ...init, folder);
    git(folder, 'config', 'uploadpack.allowFilter', 'true');
    git(folder, 'config', 'uploadpack.allowAnySHA1InWant', 'true');
    this.commit(folder, files);
    return folder;
  }

  /** Another commit. @returns its id */
  commit(folder: string, files: Readonly<Record<string, TestFile>>): string {
    write(folder, files);
    git(folder, 'add', '-A', '-f');
    git(folder, 'commit', '-q', '--allow-empty', '-m', 'more');
    return head(folder);
  }

  /** A cache that does not wait long. */
  cache(options: Partial<RepositoryCacheOptions> = {}): RepositoryCache & { folder: string } {
    const folder = options.folder ?? newFolder();
    const cache = repositoryCache({ maxBytes: 2 ** 30, pace: { firstDelayMs: 1 }, ...options, folder });
    return { folder, open: (request) => cache.open(request) };
  }

  /** Opens a commit, by default the repository's head; disposed after the test. */
  async open(
    cache: RepositoryCache,
    repository: string,
    options: { commit?: string; token?: string; key?: string; signal?: AbortSignal } = {},
  ): Promise<RemoteSource> {
    const { commit = head(repository), token, key = 'repo', signal } = options;
    const source = await cache.open({
      key,
      url: this.urlOf(repository),
      commit,
      ...(token !== undefined && { token: () => Promise.resolve(token) }),
      ...(signal && { signal }),
    });
    this.opened.push(source);
    return source;
  }

  urlOf(repository: string): string {
    return this.server.url(repository.slice(this.root.length + 1, -'.git'.length));
  }
}

/** The id of a repository's head. */
export function head(repository: string): string {
  return git(repository, 'rev-parse', 'HEAD');
}

/** All files below a folder, as paths. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}
