import { realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { sortByPath } from '../generator/contexts/paths.js';
import type { ContextSource, SourceEntry } from '../generator/ports.js';
import { ConfigError } from '../schema/diagnostic.js';
import { GitCommitSource, type CommitObjects } from './commit-source.js';
import { LFS_PULL } from './lfs.js';
import { runGit } from './run-git.js';
import { parseTree } from './tree.js';

/** More than this of paths does not go on a command line: everything is listed instead. */
const ARGUMENT_BYTES = 100_000;

/**
 * The files of a commit, read from git's objects; the work tree is neither read nor touched.
 *
 * @param repositoryDir the root of the source: a work tree, a folder in one, or a bare repository
 * @param revision anything that names a commit: id, branch, tag, `HEAD~2`
 * @throws ConfigError (REVISION) when there is no such commit
 * @throws WorkError when there is no git or no repository
 */
export async function gitCommitSource(repositoryDir: string, revision: string): Promise<ContextSource> {
  const { commit, prefix } = await resolveCommit(repositoryDir, revision);
  return new GitCommitSource(repositoryDir, commit, prefix, new ObjectsHere(repositoryDir, commit));
}

/** The full id of a commit, and where the folder is in its tree. A text that begins with `-` would be an option to git, and is never a revision. */
export async function resolveCommit(
  folder: string,
  revision: string,
): Promise<{ commit: string; prefix: string }> {
  const unknown = new ConfigError([
    {
      code: 'REVISION',
      severity: 'error',
      message: `${JSON.stringify(revision)} is not a commit of the repository in ${folder}`,
      hint: 'see `git log`; a commit made elsewhere must be fetched first',
    },
  ]);
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/^-|[\0-\x1f\x7f]/.test(revision) || revision === '' || revision.length > 1000) throw unknown;
  const args = [
    'rev-parse',
    '--show-prefix',
    '--verify',
    '--quiet',
    '--end-of-options',
    `${revision}^{commit}`,
  ];
  const { code, stdout } = await runGit(folder, args, { allow: [1] });
  // The prefix comes first, and a folder's name may have a newline in it.
  const answer = /^([^]*)\n([0-9a-f]{40}|[0-9a-f]{64})\n$/.exec(stdout.toString('utf8'));
  const [, prefix, commit] = answer ?? [];
  if (code !== 0 || prefix === undefined || commit === undefined) throw unknown;
  return { commit, prefix };
}

/** The arguments that list the files of a commit below some paths: of all of it when there are too many paths, or `''`. */
export function listTree(commit: string, paths: readonly string[], ...options: string[]): string[] {
  const fits = !paths.includes('') && paths.reduce((sum, path) => sum + path.length, 0) < ARGUMENT_BYTES;
  const command = ['--literal-pathspecs', 'ls-tree', '-r', '-z', ...options, '--full-tree', '--', commit];
  return fits ? [...command, ...paths] : command;
}

/** All is in the repository already, or nobody will get it. */
class ObjectsHere implements CommitObjects {
  readonly lfsHint = LFS_PULL;

  constructor(
    private readonly folder: string,
    private readonly commit: string,
  ) {}

  async tree(paths: readonly string[]): Promise<SourceEntry[]> {
    const { stdout } = await runGit(this.folder, listTree(this.commit, paths, '-l'));
    return sortByPath(parseTree(stdout));
  }

  async lfs(): Promise<string> {
    const { stdout } = await runGit(this.folder, ['rev-parse', '--git-common-dir']);
    const common = await realpath(resolve(this.folder, stdout.toString('utf8').replace(/\n$/, '')));
    return join(common, 'lfs', 'objects');
  }
}
