import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

import { parseRecord, recordOf } from '../../common/json.js';
import type { RemoteRepository } from '../git-remote.js';

/** Docker Hub under all the names that Docker's configuration has for it. */
const DOCKER_HUB = /^(?:index\.|registry-1\.)?docker\.io$/;
const LARGEST = 2 ** 20;

/**
 * The registries that this machine is logged in to, without Docker Hub, where a login doesn't say which profile pushes.
 * Only their names are read: of the logins themselves nothing.
 */
export async function loggedIn(env: Readonly<Record<string, string | undefined>>): Promise<string[]> {
  const folder = env.DOCKER_CONFIG ?? join(env.HOME ?? homedir(), '.docker');
  const text = await readFile(join(folder, 'config.json'), 'utf8').catch(() => '');
  const { auths, credHelpers } = text.length > LARGEST ? {} : (parseRecord(text) ?? {});
  const hosts = [auths, credHelpers].flatMap((section) => Object.keys(recordOf(section))).map(hostOf);
  return [...new Set(hosts)].filter((host) => host !== '' && !DOCKER_HUB.test(host)).sort();
}

/**
 * Where images may be pushed, the likeliest first: `ghcr.io/<owner>` for a repository on GitHub, unless this machine is
 * logged in elsewhere only.
 *
 * @param owner - cleaned for an image's name
 */
export function proposeRegistries(
  hosts: readonly string[],
  remote: RemoteRepository | undefined,
  owner: string,
): string[] {
  const ghcr = 'ghcr.io';
  const isGitHub = remote?.host === 'github.com';
  const others = hosts.filter((host) => host !== ghcr);
  const logged =
    isGitHub && hosts.includes(ghcr)
      ? [ghcr, ...others]
      : [...others, ...hosts.filter((host) => host === ghcr)];
  const all = isGitHub && !hosts.includes(ghcr) ? [...logged, ghcr] : logged;
  return all.map((host) => `${host}/${owner}`);
}

function hostOf(key: string): string {
  const host = key.replace(/^https?:\/\//, '').split('/', 1)[0] ?? '';
  return /^[A-Za-z0-9.-]+(?::\d{1,5})?$/.test(host) ? host.toLowerCase() : '';
}
