import { execFile } from 'node:child_process';
import { statSync } from 'node:fs';
import { dirname } from 'node:path';

/** A repository on GitHub. */
export interface RepositoryName {
  readonly owner: string;
  readonly name: string;
}

/**
 * What git's remote `origin` says about the repository that a folder belongs to.
 *
 * @returns undefined without git, without such a remote, or when its address is not one of GitHub's form
 */
export async function remoteRepository(folder: string): Promise<RepositoryName | undefined> {
  let cwd = folder;
  while (!isFolder(cwd) && dirname(cwd) !== cwd) cwd = dirname(cwd);
  const url = await new Promise<string | undefined>((resolve) => {
    execFile('git', ['remote', 'get-url', 'origin'], { cwd, timeout: 5000 }, (error, stdout) => {
      resolve(error ? undefined : stdout.trim());
    });
  });
  return url === undefined ? undefined : parseRemote(url);
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** Reads `https://host/owner/name.git`, `ssh://git@host/owner/name` and `git@host:owner/name.git`. */
export function parseRemote(url: string): RepositoryName | undefined {
  const match =
    /^(?:https?|ssh|git):\/\/[^/]+\/([^/]+)\/([^/]+?)(?:\.git)?\/?$/.exec(url) ??
    /^[^/:]+:\/?([^/]+)\/([^/]+?)(?:\.git)?\/?$/.exec(url);
  const [, owner = '', name = ''] = match ?? [];
  // What GitHub allows as names; anything else would have to be quoted for YAML, and is not GitHub's.
  if (!/^[A-Za-z0-9][A-Za-z0-9-]{0,38}$/.test(owner) || !/^[A-Za-z0-9._-]{1,100}$/.test(name))
    return undefined;
  return { owner, name };
}
