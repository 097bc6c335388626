import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { CONFIG_PATH } from '../generator/project/project.js';
import { ConfigError } from '../schema/diagnostic.js';
import { glanceConfig, type ConfigGlance } from '../schema/glance-config.js';
import { type NamedRemote, type RepositoryName, remoteRepositories } from './git-remote.js';

/**
 * The repository that a folder is in: the one its config.yaml names, as workflows carry that name. Without it, the only
 * repository that the remotes of git name.
 *
 * @throws ConfigError when no remote names a repository, or they name several
 */
export async function repositoryHere(folder: string): Promise<RepositoryName> {
  const { repository } = configHere(folder) ?? {};
  if (repository) return repository;
  const remotes = [...(await remoteRepositories(folder))].sort(originFirst);
  const [first, ...others] = remotes.map((remote) => remote.repository);
  if (first === undefined)
    throw unclear(
      `this folder belongs to no known repository: ${folder} has no readable ${CONFIG_PATH} that names one, and no git remote on GitHub`,
    );
  if (others.some((other) => fullName(other) !== fullName(first)))
    throw unclear(`the git remotes name several repositories: ${remotes.map(described).join(', ')}`);
  return first;
}

/** A glance at the configuration in a folder or above it, in the same work tree; undefined if no file is there. */
export function configHere(folder: string): ConfigGlance | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const text = readIfThere(join(at, CONFIG_PATH));
    if (text !== undefined) return glanceConfig(text);
    if (existsSync(join(at, '.git')) || dirname(at) === at) return undefined;
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** The spelling of `origin` counts: labels tell upper from lower case. */
function originFirst(a: NamedRemote, b: NamedRemote): number {
  return Number(b.remote === 'origin') - Number(a.remote === 'origin');
}

/** As GitHub tells repositories apart. */
function fullName({ owner, name }: RepositoryName): string {
  return `${owner}/${name}`.toLowerCase();
}

function described({ remote, repository: { owner, name } }: NamedRemote): string {
  return `${remote} ${owner}/${name}`;
}

function unclear(message: string): ConfigError {
  return new ConfigError([
    {
      code: 'WRONG_VALUE',
      severity: 'error',
      message,
      file: 'NAME',
      hint: `name the workflow (\`kfops status --all\` lists them), or run this in a folder with ${CONFIG_PATH}`,
    },
  ]);
}
