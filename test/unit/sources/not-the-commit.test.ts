import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'chai';

import { compile } from '../../../generator/compile.js';
import type { Plan } from '../../../generator/plan/plan-types.js';
import { ConfigError, type Diagnostic } from '../../../schema/diagnostic.js';
import { folderSource } from '../../../sources/folder.js';
import { gitCommitSource } from '../../../sources/git.js';
import { EXAMPLE_SETTINGS } from '../../support/example-settings.js';
import { failureOf, git, removeFolders, repository, write, type TestFile } from './repository.js';

const FILES: Readonly<Record<string, TestFile>> = {
  'config_files/config.yaml': `repository: {owner: acme, name: churn}
pipeline: {name: Churn, namespace: ml, experiment_name: churn, pipeline_path: pipeline/pipeline.py}
image_builder:
  container_registry_uri: ghcr.io/acme
  images:
    - {name: a, dockerfile_folder_path: images/a, other_folders_path: [libs]}
    - {name: b, dockerfile_folder_path: images/b}
`,
  'images/a/.dockerignore': 'docs\n',
  'images/a/Dockerfile': 'FROM scratch\n',
  'images/a/data/big file/x.txt': '1\n',
  'images/a/data/y.txt': '1\n',
  'images/a/docs/guide.md': '1\n',
  'images/a/run.sh': { run: 'true\n' },
  'images/b/Dockerfile': 'FROM scratch\n',
  'libs/util.py': '1\n',
  'other/far.py': '1\n',
  'pipeline/pipeline.py': 'from kfp import dsl\n\n\n@dsl.pipeline\ndef p(): ...\n',
  'pipeline/step.yaml': '1\n',
};

/** What a plan says of a folder: which images have the commit's tag, and the version its name. */
async function planOf(repo: string): Promise<{ commit: string[]; version: boolean; plan: Plan }> {
  const { plan } = await compile(await folderSource(repo), { settings: EXAMPLE_SETTINGS });
  const digits = git(repo, 'rev-parse', 'HEAD').slice(0, 12);
  return {
    commit: plan.images.filter(({ tag }) => tag === digits).map(({ name }) => name),
    version: plan.pipeline.version === digits,
    plan,
  };
}

const warnings = ({ plan }: { plan: Plan }): string[] => plan.warnings.map(({ code }) => code);

async function errorsOf(repo: string): Promise<readonly Diagnostic[]> {
  return (await failureOf(ConfigError, compile(await folderSource(repo), { settings: EXAMPLE_SETTINGS })))
    .diagnostics;
}

describe('a folder that is not the commit, though git calls it unchanged', () => {
  let repo: string;
  beforeEach(() => {
    repo = repository(FILES);
  });
  afterEach(removeFolders);

  it('has the commit’s tags and version where nothing differs', async () => {
    const planned = await planOf(repo);
    expect(planned).to.deep.include({ commit: ['a', 'b'], version: true });
    expect(planned.plan.revision.dirty).to.equal(false);
    expect(warnings(planned)).to.deep.equal([]);
  });

  for (const flag of ['--skip-worktree', '--assume-unchanged']) {
    it(`${flag}: a changed file is seen, and named`, async () => {
      git(repo, 'update-index', flag, 'images/a/data/y.txt');
      write(repo, { 'images/a/data/y.txt': '2\n' });
      expect(git(repo, 'status', '--porcelain')).to.equal('');
      const planned = await planOf(repo);
      expect(planned).to.deep.include({ commit: ['b'], version: false });
      expect(planned.plan.revision.dirty).to.equal(true);
      const [warning] = planned.plan.warnings;
      expect(warning?.code).to.equal('NOT_THE_COMMIT');
      expect(warning?.message).to.include('`images/a/data/y.txt`');
    });

    it(`${flag}: a changed configuration is no version of the commit`, async () => {
      git(repo, 'update-index', flag, 'config_files/config.yaml');
      write(repo, { 'config_files/config.yaml': `${FILES['config_files/config.yaml'] as string}# more\n` });
      expect(await planOf(repo)).to.deep.include({ commit: ['a', 'b'], version: false });
    });
  }

  it('--assume-unchanged: a file that is gone is seen, also one of the pipeline', async () => {
    for (const file of ['images/b/Dockerfile.extra', 'other/far.py']) {
      write(repo, { [file]: '1\n' });
      git(repo, 'add', file);
    }
    git(repo, 'commit', '-q', '--allow-empty', '-m', 'more');
    git(repo, 'update-index', '--assume-unchanged', 'images/b/Dockerfile.extra', 'other/far.py');
    rmSync(join(repo, 'images/b/Dockerfile.extra'));
    expect(await planOf(repo)).to.deep.include({ commit: ['a'], version: false });
    write(repo, { 'images/b/Dockerfile.extra': '1\n' });
    expect(await planOf(repo)).to.deep.include({ commit: ['a', 'b'], version: true });
    rmSync(join(repo, 'other/far.py'));
    expect(await planOf(repo)).to.deep.include({ commit: ['a', 'b'], version: false });
  });

  it('bytes that git converts on checkout are others than the commit’s', async () => {
    write(repo, { '.gitattributes': 'images/a/run.sh text eol=crlf\n' });
    git(repo, 'add', '-A');
    git(repo, 'commit', '-q', '-m', 'eol');
    rmSync(join(repo, 'images/a/run.sh'));
    git(repo, 'checkout', '--', '.');
    expect(git(repo, 'status', '--porcelain')).to.equal('');
    const planned = await planOf(repo);
    expect(planned).to.deep.include({ commit: ['b'], version: false });
    expect(warnings(planned)).to.deep.equal(['NOT_THE_COMMIT']);
  });

  it('core.fileMode=false and core.symlinks=false: the commit’s modes count', async () => {
    git(repo, 'config', 'core.fileMode', 'false');
    chmodSync(join(repo, 'images/a/run.sh'), 0o644);
    expect(await planOf(repo)).to.deep.include({ commit: ['a', 'b'], version: true });

    symlinkSync('y.txt', join(repo, 'images/a/data/link'));
    git(repo, 'add', '-A');
    git(repo, 'commit', '-q', '-m', 'link');
    git(repo, 'config', 'core.symlinks', 'false');
    rmSync(join(repo, 'images/a/data/link'));
    git(repo, 'checkout', '--', '.');
    expect(git(repo, 'status', '--porcelain')).to.equal('');
    expect(await planOf(repo)).to.deep.include({ commit: ['b'], version: false });
  });

  it('a new file counts where it was staged or only intended to be, not where the ignore file leaves it out', async () => {
    write(repo, { 'images/a/docs/new.md': '' });
    expect(await planOf(repo)).to.deep.include({ commit: ['a', 'b'] });
    write(repo, { 'images/a/new': '', 'images/b/new': '' });
    git(repo, 'add', '-N', 'images/a/new');
    git(repo, 'add', 'images/b/new');
    expect(await planOf(repo)).to.deep.include({ commit: [], version: false });
  });

  it('a staged change and a staged deletion are seen, and are no surprise', async () => {
    write(repo, { 'images/a/data/y.txt': '2\n' });
    git(repo, 'add', '-A');
    git(repo, 'rm', '-q', '--cached', 'images/b/Dockerfile');
    const planned = await planOf(repo);
    expect(planned.commit).to.deep.equal([]);
    expect(warnings(planned)).to.deep.equal([]);
  });

  it('a Git LFS file is the commit’s where its content is what the pointer names', async () => {
    const content = 'weights\n'.repeat(200);
    const oid = createHash('sha256').update(content).digest('hex');
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize ${content.length}\n`;
    write(repo, { '.gitattributes': '*.bin filter=lfs diff=lfs merge=lfs -text\n' });
    write(repo, { 'images/a/model.bin': pointer, 'images/b/model.bin': pointer });
    git(repo, 'add', '-A');
    git(repo, 'commit', '-q', '-m', 'lfs');
    git(repo, 'update-index', '--assume-unchanged', 'images/a/model.bin', 'images/b/model.bin');
    write(repo, { 'images/a/model.bin': content, 'images/b/model.bin': `${content}x` });
    expect((await planOf(repo)).commit).to.deep.equal(['a']);
  });

  describe('in a sparse checkout', () => {
    const sparse = (...args: string[]): string => git(repo, 'sparse-checkout', ...args);
    /** Runs the command of a hint as it is. */
    const follow = (hint: string | undefined): void => {
      const [, command = 'false'] = /`([^`]+)`/.exec(hint ?? '') ?? [];
      execFileSync('sh', ['-c', command], { cwd: repo, stdio: 'pipe' });
    };

    it('by folders: what is missing is an error with the command that brings it back', async () => {
      sparse('set', '--cone', 'images/b', 'images/a/docs', 'config_files', 'pipeline');
      const errors = await errorsOf(repo);
      expect(errors.map(({ code }) => code)).to.deep.equal(['NOT_CHECKED_OUT', 'NOT_CHECKED_OUT']);
      expect(errors[0]?.message).to.equal(
        '`images/a/data/big file/x.txt` and 1 more file are not checked out.',
      );
      expect(errors[0]?.hint)
        .to.include('`git sparse-checkout add images/a/data`')
        .and.include('--commit HEAD');
      expect(errors[1]?.message).to.equal('`libs/util.py` is not checked out.');
      for (const { hint } of errors) follow(hint);
      // A Python file far from the pipeline is not missed, but the version is not the commit's.
      const planned = await planOf(repo);
      expect(planned).to.deep.include({ commit: ['a', 'b'], version: false });
      expect(planned.plan.warnings[0]?.message).to.include('`other/far.py`');
      expect(
        (await compile(await gitCommitSource(repo, 'HEAD'), { settings: EXAMPLE_SETTINGS })).plan.images.map(
          ({ tag }) => tag,
        ),
      ).to.deep.equal(planned.plan.images.map(({ tag }) => tag));
    });

    it('by patterns: the same, for single files too', async () => {
      sparse('set', '--no-cone', '/*', '!/images/a/data/', '!/images/b/Dock*');
      const errors = await errorsOf(repo);
      expect(errors.map(({ hint }) => hint?.split(',')[0])).to.deep.equal([
        "Run `git sparse-checkout add '/images/a/data/**'`",
        "Run `git sparse-checkout add '/images/b/**'`",
      ]);
      for (const { hint } of errors) follow(hint);
      expect(await planOf(repo)).to.deep.include({ commit: ['a', 'b'], version: true });
    });

    it('what the ignore file leaves out is not missed', async () => {
      sparse('set', '--no-cone', '/*', '!/images/a/docs/');
      expect(await planOf(repo)).to.deep.include({ commit: ['a', 'b'], version: true });
    });

    it('a configuration that is left out is named with the command', async () => {
      git(repo, 'sparse-checkout', 'set', 'images', 'libs', 'pipeline');
      const [error] = await errorsOf(repo);
      expect(error).to.include({ code: 'NOT_CHECKED_OUT', file: 'config_files/config.yaml' });
      expect(error?.hint).to.include('git sparse-checkout add config_files');
    });

    it('a Kaniko manifest that is left out is not taken for none', async () => {
      write(repo, { 'config_files/kaniko-manifest.yaml': 'kind: Pod\n' });
      git(repo, 'add', '-A');
      git(repo, 'commit', '-qm', 'manifest');
      git(repo, 'update-index', '--skip-worktree', 'config_files/kaniko-manifest.yaml');
      rmSync(join(repo, 'config_files/kaniko-manifest.yaml'));
      const [error] = await errorsOf(repo);
      expect(error).to.include({ code: 'NOT_CHECKED_OUT', file: 'config_files/kaniko-manifest.yaml' });
    });

    it('files next to the pipeline are missed', async () => {
      sparse('set', '--no-cone', '/*', '!/pipeline/step.yaml');
      const [error] = await errorsOf(repo);
      expect(error).to.include({ code: 'NOT_CHECKED_OUT', file: 'pipeline/step.yaml' });
      expect(error?.hint).to.include('`git sparse-checkout add /pipeline/step.yaml`');
    });

    it('with --skip-worktree alone: the command takes the flag away', async () => {
      git(repo, 'update-index', '--skip-worktree', 'images/a/data/big file/x.txt');
      rmSync(join(repo, 'images/a/data/big file/x.txt'));
      const [error] = await errorsOf(repo);
      expect(error?.code).to.equal('NOT_CHECKED_OUT');
      follow(error?.hint);
      expect(await planOf(repo)).to.deep.include({ commit: ['a', 'b'], version: true });
    });
  });

  it('a conflict is named with its line, and is none when it was resolved', async () => {
    git(repo, 'checkout', '-q', '-b', 'theirs');
    write(repo, { 'images/a/data/y.txt': '0\ntheirs\n', 'pipeline/step.yaml': 'theirs\n' });
    git(repo, 'commit', '-qam', 'theirs');
    git(repo, 'checkout', '-q', 'main');
    write(repo, { 'images/a/data/y.txt': '0\nours\n', 'pipeline/step.yaml': 'ours\n' });
    git(repo, 'commit', '-qam', 'ours');
    expect(() => git(repo, 'merge', '-q', 'theirs')).to.throw();
    const [error] = await errorsOf(repo);
    expect(error).to.include({
      code: 'UNMERGED',
      message: '`images/a/data/y.txt` has a merge conflict in line 2.',
    });
    write(repo, { 'images/a/data/y.txt': '0\nboth\n' });
    expect((await errorsOf(repo))[0]).to.include({ code: 'UNMERGED', file: 'pipeline/step.yaml' });
    write(repo, { 'pipeline/step.yaml': 'both\n' });
    expect(await planOf(repo)).to.deep.include({ commit: ['b'], version: false });
  });
});
