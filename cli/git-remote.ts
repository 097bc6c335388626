import { execFile } from 'node:child_process';
import { statSync } from 'node:fs';
import { dirname } from 'node:path';

/** A repository on GitHub. */
export interface RepositoryName {
  readonly owner: string;
  readonly name: string;
}

/** A repository, and where it is hosted. */
export interface RemoteRepository extends RepositoryName {
  /** `github.com`, without a port. */
  readonly host: string;
}

/**
 * What git's remote `origin` says about the repository that a folder belongs to.
 *
 * @returns undefined without git, without such a remote, or when its address is not one of GitHub's form
 */
export async function remoteRepository(folder: string): Promise<RemoteRepository | undefined> {
  const url = await git(folder, 'remote', 'get-url', 'origin');
  return url === undefined ? undefined : parseRemote(url);
}

/** A remote of git, and the repository that its address names. */
export interface NamedRemote {
  readonly remote: string;
  readonly repository: RemoteRepository;
}

/** The remotes of the git repository that a folder belongs to, without those whose address is not of GitHub's form. */
export async function remoteRepositories(folder: string): Promise<readonly NamedRemote[]> {
  const lines = ((await git(folder, 'remote', '-v')) ?? '').split('\n');
  return lines.flatMap((line) => {
    // A line is `origin\thttps://… (fetch)`, in a partial clone with ` [blob:none]` after it.
    const [remote = '', addressAndUse = ''] = line.split('\t');
    const [url = '', use] = addressAndUse.split(' (fetch)');
    const repository = use === undefined ? undefined : parseRemote(url);
    return repository === undefined ? [] : [{ remote, repository }];
  });
}

/** @returns the root of the work tree that a folder is in or will be in, as a real path; undefined outside of git */
export async function workTreeRoot(folder: string): Promise<string | undefined> {
  return git(folder, 'rev-parse', '--show-toplevel');
}

/** Runs git in the folder, or in the nearest one above it that exists. */
async function git(folder: string, ...args: string[]): Promise<string | undefined> {
  let cwd = folder;
  while (!isFolder(cwd) && dirname(cwd) !== cwd) cwd = dirname(cwd);
  return new Promise((resolve) => {
    execFile('git', args, { cwd, timeout: 5000 }, (error, stdout) => {
      resolve(error ? undefined : stdout.replace(/\n$/, ''));
    });
  });
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** Reads `https://host/owner/name.git`, `ssh://git@host/owner/name` and `git@host:owner/name.git`. */
export function parseRemote(url: string): RemoteRepository | undefined {
  const match =
    /^(?:https?|ssh|git):\/\/([^/]+)\/([^/]+)\/([^/]+?)(?:\.git)?\/?$/.exec(url) ??
    /^([^/:]+):\/?([^/]+)\/([^/]+?)(?:\.git)?\/?$/.exec(url);
  const [, authority = '', owner = '', name = ''] = match ?? [];
  // What GitHub allows as names; anything else would have to be quoted for YAML, and is not GitHub's.
  if (!/^[A-Za-z0-9][A-Za-z0-9-]{0,38}$/.test(owner) || !/^[A-Za-z0-9._-]{1,100}$/.test(name))
    return undefined;
  const host = authority
    .slice(authority.lastIndexOf('@') + 1)
    .replace(/:\d+$/, '')
    .toLowerCase();
  return { host, owner, name };
}
