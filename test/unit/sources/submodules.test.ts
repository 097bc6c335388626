import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'chai';

import { compile } from '../../../generator/compile.js';
import type { AssembledContext } from '../../../generator/contexts/assemble.js';
import { assembleContexts } from '../../../generator/contexts/assemble.js';
import { packContext } from '../../../generator/contexts/pack.js';
import type { Plan } from '../../../generator/plan/plan-types.js';
import { folderSource } from '../../../sources/folder.js';
import { gitCommitSource } from '../../../sources/git.js';
import { EXAMPLE_SETTINGS } from '../../support/example-settings.js';
import { contextOf, git, newFolder, removeFolders, repository, write } from './repository.js';

let made: { repo: string; inner: string } | undefined;

/** A repository with the submodule `img/sub`, which has the submodule `deep` itself. */
function withSubmodules(): { repo: string; inner: string } {
  // Made once, as `git submodule` is slow.
  made ??= makeSubmodules();
  const repo = newFolder();
  cpSync(made.repo, repo, { recursive: true, verbatimSymlinks: true });
  return { repo, inner: made.inner };
}

function makeSubmodules(): { repo: string; inner: string } {
  const deep = repository({ 'd/e': 'deep' });
  const inner = repository({ f: 'one', 'x/run.sh': { run: 'x' }, 'x/.dockerignore': 'ignored\n' });
  git(inner, 'submodule', '--quiet', 'add', deep, 'deep');
  git(inner, 'commit', '-qm', 'deep');
  const repo = repository({ 'img/Dockerfile': 'FROM scratch\n' });
  git(repo, 'submodule', '--quiet', 'add', inner, 'img/sub');
  git(repo, 'submodule', '--quiet', 'update', '--init', '--recursive');
  git(repo, 'commit', '-qm', 'sub');
  return { repo, inner };
}

const FILES = [
  'Dockerfile',
  'sub/.gitmodules',
  'sub/deep/d/e',
  'sub/f',
  'sub/x/.dockerignore',
  'sub/x/run.sh',
];

const paths = ({ context }: AssembledContext): string[] | undefined =>
  context?.entries.map(({ path }) => path);

const messages = ({ problems }: AssembledContext): string[] =>
  problems.map(({ code, message, hint }) => `${code}: ${message} → ${hint ?? ''}`);

/** The context of `img`, from the folder and from a commit. */
async function both(repo: string, commit = 'HEAD'): Promise<[AssembledContext, AssembledContext]> {
  return [await contextOf(await folderSource(repo)), await contextOf(await gitCommitSource(repo, commit))];
}

describe('a submodule', () => {
  after(removeFolders);

  it('is delivered with the submodules in it, under the same key from a commit and from its clean folder', async () => {
    const { repo } = withSubmodules();
    const [folder, commit] = await both(repo);
    expect(paths(folder)).to.deep.equal(FILES);
    expect(paths(commit)).to.deep.equal(FILES);
    expect(commit.context?.key).to.equal(folder.context?.key);
    const source = await gitCommitSource(repo, 'HEAD');
    const { context } = await contextOf(source);
    let bytes = 0;
    for await (const chunk of packContext(source, context!)) bytes += (chunk as Buffer).length;
    expect(bytes).to.be.greaterThan(100);
  });

  it('is delivered from a folder of the work tree, and from a linked work tree', async () => {
    const { repo } = withSubmodules();
    const [whole] = await both(repo);
    for (const source of [
      await folderSource(join(repo, 'img')),
      await gitCommitSource(join(repo, 'img'), 'HEAD'),
    ]) {
      const { context } = await contextOf(source, { dockerfileFolder: '.' });
      expect(context?.key).to.equal(whole.context?.key);
    }
    const linked = join(newFolder(), 'linked');
    git(repo, 'worktree', 'add', '-q', linked, 'HEAD');
    git(linked, 'submodule', '--quiet', 'update', '--init', '--recursive');
    for (const each of await both(linked)) expect(each.context?.key).to.equal(whole.context?.key);
  });

  it('can be, or contain, the folder that an image names', async () => {
    const { repo } = withSubmodules();
    for (const source of [await folderSource(repo), await gitCommitSource(repo, 'HEAD')]) {
      const named = await contextOf(source, { otherFolders: ['img/sub/x', 'img/sub/deep/d'] });
      expect(paths(named)).to.deep.equal([
        'Dockerfile',
        'd/e',
        ...FILES.slice(1),
        'x/.dockerignore',
        'x/run.sh',
      ]);
      const root = await contextOf(source, { dockerfileFolder: 'img/sub/deep', dockerfile: 'd/e' });
      expect(paths(root)).to.deep.equal(['d/e']);
      const ignoring = await contextOf(source, { dockerfileFolder: 'img/sub/x', dockerfile: 'run.sh' });
      expect(paths(ignoring)).to.deep.equal(['.dockerignore', 'run.sh']);
      const missing = await contextOf(source, { dockerfileFolder: 'img/sub/xx' });
      expect(messages(missing)[0]).to.include('FOLDER_MISSING').and.include('did you mean `img/sub/x`?');
    }
  });

  it('has the files of the commit that the commit records, not those that are checked out', async () => {
    const { repo } = withSubmodules();
    const [first] = await both(repo);
    const before = git(repo, 'rev-parse', 'HEAD');
    write(repo, { 'img/sub/f': 'two' });
    git(join(repo, 'img/sub'), 'commit', '-qam', 'two');
    git(repo, 'commit', '-qam', 'two');
    const [folder, commit] = await both(repo);
    expect(folder.context?.key).not.to.equal(first.context?.key);
    expect(commit.context?.key).to.equal(folder.context?.key);
    expect((await contextOf(await gitCommitSource(repo, before))).context?.key).to.equal(first.context?.key);
  });

  it('that is not checked out is named with the command, unless the ignore file leaves it out', async () => {
    const { repo } = withSubmodules();
    git(repo, 'submodule', '--quiet', 'deinit', 'img/sub');
    for (const context of await both(repo)) {
      expect(messages(context)).to.deep.equal([
        'SUBMODULE: the submodule `img/sub` is not checked out → run `git submodule update --init --recursive img/sub`',
      ]);
    }
    for (const source of [await folderSource(repo), await gitCommitSource(repo, 'HEAD')]) {
      const [inside, other] = await assembleContexts(
        source,
        [
          { name: 'a', dockerfileFolder: 'img/sub/x', otherFolders: [], dockerfile: 'Dockerfile' },
          { name: 'b', dockerfileFolder: 'img', otherFolders: ['img/sub'], dockerfile: 'Dockerfile' },
        ],
        { files: 100, bytes: 1000 },
      );
      expect(messages(inside!)[0]).to.include('`img/sub` is not checked out');
      expect(messages(other!)[0]).to.include('`img/sub` is not checked out');
    }
    write(repo, { 'img/.dockerignore': 'sub\n' });
    git(repo, 'add', '-A');
    git(repo, 'commit', '-qm', 'ignore');
    for (const context of await both(repo))
      expect(paths(context)).to.deep.equal(['.dockerignore', 'Dockerfile']);
  });

  it('in a submodule that is not checked out is named with the command for it', async () => {
    const { repo } = withSubmodules();
    git(join(repo, 'img/sub'), 'submodule', '--quiet', 'deinit', 'deep');
    for (const context of await both(repo)) {
      expect(messages(context)).to.deep.equal([
        'SUBMODULE: the submodule `img/sub/deep` is not checked out → in the submodule `img/sub`: run `git submodule update --init --recursive deep`',
      ]);
    }
  });

  it('whose clone lacks the commit is named with the command that fetches it', async () => {
    const { repo, inner } = withSubmodules();
    write(inner, { f: 'later' });
    git(inner, 'commit', '-qam', 'later');
    const later = git(inner, 'rev-parse', 'HEAD');
    git(repo, 'update-index', '--cacheinfo', `160000,${later},img/sub`);
    git(repo, 'commit', '-qm', 'later');
    const context = await contextOf(await gitCommitSource(repo, 'HEAD'));
    expect(messages(context)[0])
      .to.include(`the clone of the submodule \`img/sub\` doesn't have commit ${later.slice(0, 12)}`)
      .and.include(`\`git -C img/sub fetch origin ${later}\``);
    git(join(repo, 'img/sub'), 'fetch', '-q', 'origin', later);
    expect(paths(await contextOf(await gitCommitSource(repo, 'HEAD')))).to.deep.equal(FILES);
  });

  it('has new files, and not those that it ignores; what is wrong with one is named by its whole path', async () => {
    const { repo } = withSubmodules();
    const sub = join(repo, 'img/sub');
    write(sub, { '.gitignore': 'secret\n', secret: '', new: '', '.gitattributes': '*.bin filter=lfs\n' });
    expect(paths(await contextOf(await folderSource(repo))))
      .to.include('sub/new')
      .and.not.to.include('sub/secret');
    expect(paths(await contextOf(await folderSource(repo, { includeIgnored: true })))).to.include(
      'sub/secret',
    );
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 12\n`;
    write(sub, { 'm.bin': pointer });
    expect(messages(await contextOf(await folderSource(repo)))).to.deep.equal([
      'LFS_CONTENT: `img/sub/m.bin` is a Git LFS file whose content is not there → in the submodule `img/sub`: run `git lfs pull`',
    ]);
  });

  it('with a `.git` in its own folder is read, too', async () => {
    const { repo } = withSubmodules();
    const sub = join(repo, 'img/sub');
    const [before] = await both(repo);
    rmSync(join(sub, '.git'));
    renameSync(join(repo, '.git/modules/img/sub'), join(sub, '.git'));
    const config = readFileSync(join(sub, '.git/config'), 'utf8');
    write(sub, { '.git/config': config.replace(/^\s*worktree = .*$/m, '') });
    write(sub, { 'deep/.git': 'gitdir: ../.git/modules/deep\n' });
    git(
      join(sub, 'deep'),
      '--git-dir=../.git/modules/deep',
      '--work-tree=.',
      'config',
      'core.worktree',
      '../../../deep',
    );
    for (const context of await both(repo)) expect(context.context?.key).to.equal(before.context?.key);
  });

  it('runs nothing that its configuration names', async () => {
    const { repo } = withSubmodules();
    const sub = join(repo, 'img/sub');
    const canary = join(repo, 'canary');
    write(sub, { '.gitattributes': '* filter=evil\n' });
    git(sub, 'add', '.gitattributes');
    git(sub, 'commit', '-qm', 'attributes');
    git(repo, 'commit', '-qam', 'attributes');
    for (const name of ['core.fsmonitor', 'filter.evil.clean', 'filter.evil.smudge', 'core.sshCommand'])
      git(sub, 'config', name, `touch ${canary}; cat`);
    write(sub, { f: 'another' });
    for (const context of await both(repo)) expect(context.problems).to.deep.equal([]);
    expect(existsSync(canary)).to.equal(false);
  });

  describe('whose repository is elsewhere is refused:', () => {
    const hostile: Record<
      string,
      [prepare: (sub: string, other: string, repo: string) => void, reason: string]
    > = {
      'a `.git` file that names it': [
        (sub, other) => {
          write(sub, { '.git': `gitdir: ${join(other, '.git')}\n` });
        },
        'names a repository outside of this one',
      ],
      'a `.git` file that names the outer repository': [
        (sub) => {
          write(sub, { '.git': 'gitdir: ../../.git\n' });
        },
        'names a repository outside of this one',
      ],
      'a `.git` file that leads out of `modules`': [
        (sub) => {
          write(sub, { '.git': 'gitdir: ../../.git/modules/../../../../../../../etc\n' });
        },
        'names a repository outside of this one',
      ],
      'a link in `modules`': [
        (sub, other, repo) => {
          symlinkSync(join(other, '.git'), join(repo, '.git/modules/elsewhere'));
          write(sub, { '.git': 'gitdir: ../../.git/modules/elsewhere\n' });
        },
        'names a repository outside of this one',
      ],
      'a `.git` that is a link': [
        (sub, other) => {
          rmSync(join(sub, '.git'));
          symlinkSync(join(other, '.git'), join(sub, '.git'));
        },
        'neither a file nor a folder',
      ],
      'a `.git` file with something else in it': [
        (sub) => {
          write(sub, { '.git': 'gitdir: a\ngitdir: b\n' });
        },
        "doesn't name a repository",
      ],
      'a `.git` file that names nothing': [
        (sub) => {
          write(sub, { '.git': 'gitdir: ../../.git/modules/none\n' });
        },
        "names a repository that doesn't exist",
      ],
      'a work tree elsewhere': [
        (sub, other) => {
          git(sub, 'config', 'core.worktree', other);
        },
        'belongs to another folder',
      ],
    };
    for (const [name, [prepare, reason]] of Object.entries(hostile)) {
      it(name, async () => {
        const { repo } = withSubmodules();
        prepare(join(repo, 'img/sub'), repository({ secret: 'canary' }), repo);
        for (const context of await both(repo)) {
          expect(messages(context)).to.have.lengthOf(1);
          expect(messages(context)[0])
            .to.include("SUBMODULE: the submodule `img/sub` can't be read")
            .and.include(reason);
        }
      });
    }

    it('a folder that is a link', async () => {
      const { repo } = withSubmodules();
      const other = repository({ secret: 'canary' });
      rmSync(join(repo, 'img/sub'), { recursive: true });
      symlinkSync(other, join(repo, 'img/sub'));
      for (const context of await both(repo)) expect(messages(context)[0]).to.include('is not checked out');
    });
  });

  describe('and the commit', () => {
    const CONFIG = `repository: {owner: acme, name: churn}
pipeline: {name: Churn, namespace: ml, experiment_name: churn, pipeline_path: pipeline/pipeline.py}
image_builder:
  container_registry_uri: ghcr.io/acme
  images:
    - {name: a, dockerfile_folder_path: img}
    - {name: b, dockerfile_folder_path: other}
    - {name: c, dockerfile_folder_path: other, other_folders_path: [img/sub/x]}
`;
    let repo: string;
    let sub: string;
    beforeEach(() => {
      ({ repo } = withSubmodules());
      sub = join(repo, 'img/sub');
      write(repo, {
        'config_files/config.yaml': CONFIG,
        'other/Dockerfile': 'FROM scratch\n',
        'pipeline/pipeline.py': 'from kfp import dsl\n\n\n@dsl.pipeline\ndef p(): ...\n',
      });
      git(repo, 'add', '-A');
      git(repo, 'commit', '-qm', 'config');
    });

    /** Images that have the commit's tag. */
    async function asCommitted(): Promise<{ images: string[]; version: boolean; plan: Plan }> {
      const { plan } = await compile(await folderSource(repo), { settings: EXAMPLE_SETTINGS });
      const digits = git(repo, 'rev-parse', 'HEAD').slice(0, 12);
      const images = plan.images.filter(({ tag }) => tag === digits).map(({ name }) => name);
      return { images, version: plan.pipeline.version === digits, plan };
    }

    it('a clean submodule is the commit’s', async () => {
      const found = await asCommitted();
      expect(found).to.deep.include({ images: ['a', 'b', 'c'], version: true });
      expect(found.plan.revision.dirty).to.equal(false);
    });

    it('a changed, new or deleted file is not, in the contexts that have it', async () => {
      write(sub, { f: 'changed' });
      expect(await asCommitted()).to.deep.include({ images: ['b', 'c'], version: false });
      git(sub, 'checkout', '-q', 'f');
      write(sub, { 'x/new': '' });
      expect(await asCommitted()).to.deep.include({ images: ['b'], version: false });
      rmSync(join(sub, 'x/new'));
      rmSync(join(sub, 'x/run.sh'));
      expect(await asCommitted()).to.deep.include({ images: ['b'], version: false });
      git(sub, 'checkout', '-q', '.');
      write(sub, { 'deep/d/e': 'changed' });
      expect((await asCommitted()).images).to.deep.equal(['b', 'c']);
    });

    it('another commit is not, whatever the configuration ignores', async () => {
      git(repo, 'config', 'submodule.img/sub.ignore', 'all');
      write(sub, { f: 'two' });
      git(sub, 'commit', '-qam', 'two');
      const found = await asCommitted();
      expect(found).to.deep.include({ images: ['b'], version: false });
      expect(found.plan.revision.dirty).to.equal(true);
      expect(found.plan.warnings).to.deep.equal([]);
      git(repo, 'add', 'img/sub');
      expect((await asCommitted()).images).to.deep.equal(['b']);
      git(repo, 'commit', '-qm', 'two');
      expect(await asCommitted()).to.deep.include({ images: ['a', 'b', 'c'], version: true });
    });

    it('another commit that git was told not to look at is named', async () => {
      git(repo, 'update-index', '--assume-unchanged', 'img/sub');
      write(sub, { f: 'two' });
      git(sub, 'commit', '-qam', 'two');
      const found = await asCommitted();
      expect(found.images).to.deep.equal(['b']);
      expect(found.plan.warnings.map(({ code, message }) => [code, message.split(',')[0]])).to.deep.equal([
        ['NOT_THE_COMMIT', 'Git calls `img/sub` unchanged'],
      ]);
    });

    it('the pipeline is compiled from the repository’s own files, from a folder as from a commit', async () => {
      write(sub, { 'module.py': 'x = 1\n' });
      git(sub, 'add', '-A');
      git(sub, 'commit', '-qm', 'python');
      git(repo, 'commit', '-qam', 'python');
      const { plan } = await asCommitted();
      expect(plan.pipeline.source.entries.map(({ path }) => path)).to.deep.equal(['pipeline/pipeline.py']);
      const { plan: other } = await compile(await gitCommitSource(repo, 'HEAD'), {
        settings: EXAMPLE_SETTINGS,
      });
      expect(other.pipeline.source.key).to.equal(plan.pipeline.source.key);
      expect(other.images.map(({ context }) => context.key)).to.deep.equal(
        plan.images.map(({ context }) => context.key),
      );
    });
  });

  it('that a sparse checkout leaves out is named with the command that brings it back', async () => {
    const { repo } = withSubmodules();
    write(repo, { 'far/f': '' });
    git(repo, 'add', '-A');
    git(repo, 'commit', '-qm', 'far');
    git(repo, 'submodule', '--quiet', 'deinit', 'img/sub');
    git(repo, 'sparse-checkout', 'set', 'far');
    expect(existsSync(join(repo, 'img/sub/f'))).to.equal(false);
    const context = await contextOf(await folderSource(repo));
    expect(messages(context).every((text) => text.startsWith('NOT_CHECKED_OUT'))).to.equal(true);
  });

  it('is not looked for in an empty folder of its path: another repository is one', async () => {
    const repo = repository({ 'img/Dockerfile': 'FROM scratch\n' });
    mkdirSync(join(repo, 'img/own'));
    git(join(repo, 'img/own'), 'init', '-q');
    write(repo, { 'img/own/f': '' });
    expect(messages(await contextOf(await folderSource(repo)))[0]).to.include(
      'SUBMODULE: `img/own` is a git repository of its own',
    );
  });
});
