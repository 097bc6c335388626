import { chownSync, cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'chai';

import { ConfigError } from '../../../schema/diagnostic.js';
import { WorkError } from '../../../schema/errors.js';
import { folderSource } from '../../../sources/folder.js';
import { explainFailure } from '../../../sources/git-failures.js';
import { gitCommitSource } from '../../../sources/git.js';
import { contents, failureOf, git, newFolder, removeFolders, repository } from './repository.js';

/** All that a read of the commit, or of the folder, can fail with. */
const fromCommit = async (folder: string, revision = 'HEAD'): Promise<unknown> =>
  contents(await gitCommitSource(folder, revision));
const fromFolder = async (folder: string): Promise<unknown> => contents(await folderSource(folder));

describe('a git that fails', () => {
  let repo: string;
  beforeEach(() => {
    repo = repository({ a: '1', 'sub/b': '2' });
  });
  afterEach(removeFolders);

  /** The object of a file, on disk. */
  function objectOf(path: string): string {
    const id = git(repo, 'rev-parse', `HEAD:${path}`);
    return join(repo, '.git/objects', id.slice(0, 2), id.slice(2));
  }

  it('since the files are another user’s: with git’s own command on a line of its own', async function () {
    if (process.getuid?.() !== 0) this.skip();
    chownSync(repo, 12345, 12345);
    for (const read of [fromCommit, fromFolder]) {
      const error = await failureOf(WorkError, read(repo));
      expect(error.message).to.match(
        /^git doesn't read .* which belongs to another user:\n {2}fatal: detected dubious/,
      );
      const command = error.message.split('\n').find((line) => line.trim().startsWith('git config'));
      expect(command?.trim()).to.equal(`git config --global --add safe.directory ${repo}`);
      expect(error.nextStep).to.include('run the command that git names');
    }
  });

  it('since the clone is partial: the hint’s command brings the files', async () => {
    git(repo, 'config', 'uploadpack.allowFilter', 'true');
    const clone = join(newFolder(), 'clone');
    git(repo, 'clone', '-q', '--filter=blob:none', '--no-checkout', `file://${repo}`, clone);
    const error = await failureOf(WorkError, fromCommit(clone));
    expect(error.message).to.match(/^the clone in .* is partial/);
    const [, command = ''] = /`git ([^`]+)`/.exec(error.nextStep ?? '') ?? [];
    git(clone, ...command.split(' '));
    expect(await fromCommit(clone)).to.deep.equal({ a: '1', 'sub/b': '2' });
  });

  it('since the clone is shallow: the hint’s command brings the commit', async () => {
    git(repo, 'commit', '-q', '--allow-empty', '-m', 'second');
    const clone = join(newFolder(), 'clone');
    git(repo, 'clone', '-q', '--depth=1', `file://${repo}`, clone);
    for (const revision of ['HEAD~1', git(repo, 'rev-parse', 'HEAD~1')]) {
      const [problem] = (await failureOf(ConfigError, fromCommit(clone, revision))).diagnostics;
      expect(problem).to.deep.include({
        code: 'REVISION',
        hint: 'This clone is shallow, so it has few commits: run `git fetch --unshallow`.',
      });
    }
    git(clone, 'fetch', '-q', '--unshallow');
    expect(await fromCommit(clone, 'HEAD~1')).to.deep.equal({ a: '1', 'sub/b': '2' });
    const [other] = (await failureOf(ConfigError, fromCommit(clone, 'nowhere'))).diagnostics;
    expect(other?.hint).to.include('git log');
  });

  it('since an object is damaged, or gone', async () => {
    const commit = git(repo, 'rev-parse', 'HEAD');
    const object = join(repo, '.git/objects', commit.slice(0, 2), commit.slice(2));
    cpSync(repo, join(newFolder(), 'x'), { recursive: true });
    rmSync(objectOf('a'));
    const [entry] = await (await gitCommitSource(repo, 'HEAD')).list(['a']);
    expect(entry).to.deep.include({ path: 'a', size: 0 });
    expect(entry?.problem?.message).to.equal('the repository is damaged: the content of `a` is not in it');

    rmSync(object);
    writeFileSync(object, 'junk');
    const error = await failureOf(WorkError, fromCommit(repo));
    expect(error.message).to.match(/^the repository in .* is damaged:\n/);
    expect(error.nextStep).to.include('git fsck');
  });

  it('since the index is damaged: the hint’s command mends it', async () => {
    writeFileSync(join(repo, '.git/index'), 'junk');
    const error = await failureOf(WorkError, fromFolder(repo));
    expect(error.message).to.match(/^the index of the repository in .* is damaged:\n/);
    expect(error.nextStep).to.include('`rm .git/index && git reset`');
    rmSync(join(repo, '.git/index'));
    git(repo, 'reset', '-q');
    expect(await fromFolder(repo)).to.deep.equal({ a: '1', 'sub/b': '2' });
  });

  it('since it needs a newer git, or its configuration is wrong', async () => {
    git(repo, 'config', 'core.repositoryFormatVersion', '9');
    expect((await failureOf(WorkError, fromFolder(repo))).nextStep).to.equal('update git');
    writeFileSync(join(repo, '.git/config'), '[core');
    const error = await failureOf(WorkError, fromFolder(repo));
    expect(error.message).to.include('\n  fatal: bad config line ');
  });

  it('since there is no repository', async () => {
    const folder = newFolder();
    const { diagnostics } = await failureOf(ConfigError, fromCommit(folder));
    expect(diagnostics.map(({ code }) => code)).to.deep.equal(['REVISION']);
    expect(diagnostics[0]?.message.split('\n')[0]).to.equal(`Git finds no repository in ${folder}:`);
    writeFileSync(join(folder, '.git'), 'gitdir: /nowhere/x');
    expect((await failureOf(WorkError, fromFolder(folder))).message).to.include('git finds no repository');
  });

  it('for a reason that only git’s words tell', () => {
    // As git 2.39 says it (lockfile.c, setup.c).
    const known = (stderr: string): string =>
      explainFailure('status', '/r', stderr).message.split('\n')[0] ?? '';
    expect(known("fatal: Unable to create '/r/.git/index.lock': File exists.")).to.include('another git');
    expect(known("fatal: cannot open '.git/config': Permission denied")).to.include('no permission to read');
    const other = explainFailure('status', '/r', 'fatal: something new');
    expect(other.message).to.equal('git status failed in /r:\n  fatal: something new');
    expect(other.hint).to.include('git fsck');
  });
});
