import { realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { sortByPath } from '../generator/contexts/paths.js';
import type { ContextSource, SourceEntry } from '../generator/ports.js';
import { ConfigError } from '../schema/diagnostic.js';
import { GitCommitSource, type CommitObjects } from './commit-source.js';
import { Inventory, REPOSITORY_FILES } from './inventory.js';
import { LFS_PULL } from './lfs.js';
import { runGit, streamGit } from './run-git.js';
import { NulSplitter, parseTreeLine } from './tree.js';

/** More than this of paths does not go on a command line: everything is listed instead. */
const ARGUMENT_BYTES = 100_000;

/**
 * The files of a commit, read from git's objects; the work tree is neither read nor touched.
 *
 * @param repositoryDir the root of the source: a work tree, a folder in one, or a bare repository
 * @param revision anything that names a commit: id, branch, tag, `HEAD~2`
 * @param files how many files and folders may be listed
 * @throws ConfigError (REVISION) when there is no such commit
 * @throws WorkError when there is no git or no repository
 */
export async function gitCommitSource(
  repositoryDir: string,
  revision: string,
  files = REPOSITORY_FILES,
): Promise<ContextSource> {
  const { commit, prefix } = await resolveCommit(repositoryDir, revision);
  return new GitCommitSource(repositoryDir, commit, prefix, new ObjectsHere(repositoryDir, commit, files));
}

/** The full id of a commit, and where the folder is in its tree. A text that begins with `-` would be an option to git, and is never a revision. */
export async function resolveCommit(
  folder: string,
  revision: string,
): Promise<{ commit: string; prefix: string }> {
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/^-|[\0-\x1f\x7f]/.test(revision) || revision === '' || revision.length > 1000)
    throw unknownRevision(folder, revision, NOT_HERE);
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
  if (code !== 0 || prefix === undefined || commit === undefined) {
    throw unknownRevision(folder, revision, (await isShallow(folder)) ? SHALLOW : NOT_HERE);
  }
  return { commit, prefix };
}

const NOT_HERE = 'see `git log`; a commit made elsewhere must be fetched first';
const SHALLOW = 'this clone is shallow, so it has few commits: run `git fetch --unshallow`';

function unknownRevision(folder: string, revision: string, hint: string): ConfigError {
  const message = `${JSON.stringify(revision)} is not a commit of the repository in ${folder}`;
  return new ConfigError([{ code: 'REVISION', severity: 'error', message, hint }]);
}

async function isShallow(folder: string): Promise<boolean> {
  const { stdout } = await runGit(folder, ['rev-parse', '--is-shallow-repository']);
  return stdout.toString('latin1').trim() === 'true';
}

/**
 * Lists the files of a commit below some paths: all of it when there are too many paths, or `''`. Folders are listed
 * for git, too, so that a tree of folders without files comes to the limit as well.
 *
 * @param files how many files and folders there may be
 * @param withSizes whether the contents are here, so that git knows their sizes
 * @throws ConfigError beyond the limit
 */
export async function listTree(
  folder: string,
  commit: string,
  paths: readonly string[],
  files: number,
  { withSizes = false, signal }: { readonly withSizes?: boolean; readonly signal?: AbortSignal } = {},
): Promise<SourceEntry[]> {
  const fits = !paths.includes('') && paths.reduce((sum, path) => sum + path.length, 0) < ARGUMENT_BYTES;
  const options = ['-r', '-t', '-z', ...(withSizes ? ['-l'] : []), '--full-tree'];
  const args = ['--literal-pathspecs', 'ls-tree', ...options, '--', commit, ...(fits ? paths : [])];
  const inventory = new Inventory(`commit ${commit}`, files);
  const splitter = new NulSplitter();
  const entries: SourceEntry[] = [];
  const take = (piece: Buffer): void => {
    const parts = splitter.push(piece);
    inventory.add(parts.length, piece.length);
    for (const part of parts) {
      const entry = parseTreeLine(part);
      if (entry) entries.push(entry);
    }
  };
  await streamGit(folder, args, take, signal ? { signal } : {});
  return sortByPath(entries);
}

/** All is in the repository already, or nobody will get it. */
class ObjectsHere implements CommitObjects {
  readonly lfsHint = LFS_PULL;

  constructor(
    private readonly folder: string,
    private readonly commit: string,
    private readonly files: number,
  ) {}

  tree(paths: readonly string[]): Promise<SourceEntry[]> {
    return listTree(this.folder, this.commit, paths, this.files, { withSizes: true });
  }

  async lfs(): Promise<string> {
    const { stdout } = await runGit(this.folder, ['rev-parse', '--git-common-dir']);
    const common = await realpath(resolve(this.folder, stdout.toString('utf8').replace(/\n$/, '')));
    return join(common, 'lfs', 'objects');
  }
}
