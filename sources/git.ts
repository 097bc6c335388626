import type { ContextSource } from '../generator/ports.js';
import { ConfigError } from '../schema/diagnostic.js';
import { GitCommitSource } from './commit-source.js';
import { REPOSITORY_FILES } from './inventory.js';
import { ObjectsHere } from './objects-here.js';
import { NoRepositoryError, runGit } from './run-git.js';

/**
 * The files of a commit, read from git's objects; the work tree is neither read nor touched.
 *
 * @param repositoryDir - the root of the source: a work tree, a folder in one, or a bare repository
 * @param revision - anything that names a commit: id, branch, tag, `HEAD~2`
 * @param files - how many files and folders may be listed
 * @throws ConfigError (REVISION) when there is no such commit, or no repository
 * @throws WorkError when there is no git, or it fails
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
  const { code, stdout } = await runGit(folder, args, { allow: [1] }).catch(refuseFolder);
  // The prefix comes first, and a folder's name may have a newline in it.
  const answer = /^([^]*)\n([0-9a-f]{40}|[0-9a-f]{64})\n$/.exec(stdout.toString('utf8'));
  const [, prefix, commit] = answer ?? [];
  if (code !== 0 || prefix === undefined || commit === undefined) {
    throw unknownRevision(folder, revision, (await isShallow(folder)) ? SHALLOW : NOT_HERE);
  }
  return { commit, prefix };
}

/**
 * The commit at which a branch left the default branch of its remote `origin`: its pull request would show what changed
 * since.
 *
 * @param revision - as in {@link gitCommitSource}
 * @returns undefined outside of git, or where `origin` has no default branch here
 */
export async function branchPoint(folder: string, revision: string): Promise<string | undefined> {
  try {
    const { commit } = await resolveCommit(folder, revision);
    const args = ['merge-base', commit, 'refs/remotes/origin/HEAD'];
    const { code, stdout } = await runGit(folder, args, { allow: [1, 128] });
    return code === 0 ? stdout.toString('latin1').trim() : undefined;
  } catch (error) {
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
}

/** A folder outside of git is a wrong argument, as a revision that does not exist is. */
function refuseFolder(error: unknown): never {
  if (!(error instanceof NoRepositoryError)) throw error;
  const { message, nextStep: hint = NOT_HERE } = error;
  throw new ConfigError([{ code: 'REVISION', severity: 'error', message, hint }]);
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
