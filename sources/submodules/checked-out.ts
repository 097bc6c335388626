import { realpath } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';

import { ancestors } from '../../generator/contexts/paths.js';
import type { SourceProblem } from '../../generator/ports.js';
import { lookAt } from '../file-status.js';
import { GitError, runGit } from '../run-git.js';
import { readText } from '../text.js';
import { foreignRepository, notInitialised } from './problems.js';

/** Where a submodule is checked out. */
export interface CheckedOut {
  /** A real path. */
  readonly folder: string;
  /** Its git directories, as {@link gitDirsOf} gives them. */
  readonly gitDirs: readonly string[];
}

/** The git directory of a work tree and the directory that it shares with other work trees, as real paths. */
export async function gitDirsOf(folder: string): Promise<readonly string[]> {
  return [...new Set(await Promise.all([readGitDir(folder, '--git-dir'), commonGitDir(folder)]))];
}

/** The git directory that a work tree shares with others of its repository, as a real path. */
export function commonGitDir(folder: string): Promise<string> {
  return readGitDir(folder, '--git-common-dir');
}

async function readGitDir(folder: string, which: '--git-dir' | '--git-common-dir'): Promise<string> {
  const { stdout } = await runGit(folder, ['rev-parse', which]);
  return realpath(resolve(folder, stdout.toString('utf8').replace(/\n$/, '')));
}

/**
 * Finds the clone of a submodule in a work tree, and makes sure that it is this submodule's. A commit can't contain a
 * `.git`, but an archive of a work tree can, and then its `.git` file may name a repository anywhere. So the clone must
 * be in the submodule's own folder, or below `modules` of the outer repository, where git puts it
 * (https://git-scm.com/docs/gitsubmodules), and its work tree must be this folder.
 *
 * @param root - a real path
 * @param path - the submodule's, from `root`
 * @param outer - the git directories of the repository that records the submodule
 */
export async function findCheckedOut(
  root: string,
  path: string,
  outer: readonly string[],
): Promise<CheckedOut | SourceProblem> {
  const folders = [path, ...ancestors(path)];
  if (folders.some((folder) => lookAt(root, folder)?.isDirectory() !== true)) return notInitialised(path);
  const found = await gitDirOf(root, path, outer);
  if (typeof found !== 'string') return found;
  const folder = join(root, path);
  try {
    const { stdout } = await runGit(folder, ['rev-parse', '--show-toplevel', '--absolute-git-dir']);
    if (stdout.toString('utf8') !== `${folder}\n${found}\n`)
      return foreignRepository(path, 'its repository belongs to another folder');
    return { folder, gitDirs: [found] };
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    return { code: 'SUBMODULE', message: error.message, hint: error.nextStep ?? 'run `git fsck` there' };
  }
}

async function gitDirOf(
  root: string,
  path: string,
  outer: readonly string[],
): Promise<string | SourceProblem> {
  const file = `${path}/.git`;
  const there = lookAt(root, file);
  if (there === undefined) return notInitialised(path);
  if (there.isDirectory()) return join(root, file);
  if (!there.isFile()) return foreignRepository(path, `\`${file}\` is neither a file nor a folder`);
  const text = await readText(root, file).catch(() => undefined);
  const target = /^gitdir: ([^\0\n]+)\n?$/.exec(text ?? '')?.[1];
  if (target === undefined) return foreignRepository(path, `\`${file}\` doesn't name a repository`);
  const real = await realpath(resolve(join(root, path), target)).catch(() => undefined);
  if (real === undefined) return foreignRepository(path, `\`${file}\` names a repository that doesn't exist`);
  const isInside = outer.some((dir) => real.startsWith(join(dir, 'modules') + sep));
  return isInside ? real : foreignRepository(path, `\`${file}\` names a repository outside of this one`);
}
