import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  linkSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';

import { expect } from 'chai';

import { ConfigError } from '../../../schema/diagnostic.js';
import { WorkError } from '../../../schema/errors.js';
import { folderSource } from '../../../sources/folder.js';
import { gitCommitSource } from '../../../sources/git.js';
import {
  contents,
  contextOf,
  failure,
  git,
  newFolder,
  removeFolders,
  repository,
  write,
} from './repository.js';

const codes = ({ problems }: { problems: readonly { code: string }[] }): string[] =>
  problems.map(({ code }) => code);

describe('a folder as a source', () => {
  afterEach(removeFolders);

  it('says what differs from the commit, from its own root', async () => {
    const repo = repository({
      '.gitignore': 'ignored\n',
      'sub/a b/kept': '1',
      'sub/a b/changed': '2',
      'sub/gone': '3',
      'sub/removed': '3',
      'outside/changed': '4',
    });
    write(repo, { 'sub/a b/changed': 'x', 'sub/new': 'y', 'sub/ignored': 'z', 'outside/changed': 'x' });
    rmSync(join(repo, 'sub/gone'));
    git(repo, 'rm', '-q', 'sub/removed');
    const source = await folderSource(join(repo, 'sub'));
    const entries = await source.identify(await source.list(['']));
    const differing = (await source.differing?.([''], entries)) ?? [];
    expect(differing.map(({ path }) => path)).to.have.members(['a b/changed', 'gone', 'new', 'removed']);
    expect(differing.every(({ unseen }) => !unseen)).to.equal(true);
    expect(source.revision.dirty).to.equal(true);
  });

  it('gives tracked files and those that git does not ignore', async () => {
    const repo = repository({ '.gitignore': '.env\nout/\n', 'a/tracked': '1', 'a/gone': '2' });
    write(repo, { 'a/new': '3', '.env': 'secret', 'out/x': '' });
    rmSync(join(repo, 'a/gone'));
    const source = await folderSource(repo);
    expect(Object.keys(await contents(source))).to.deep.equal(['.gitignore', 'a/new', 'a/tracked']);
    expect(source.revision).to.include({ commit: git(repo, 'rev-parse', 'HEAD'), dirty: true });
    expect(source.revision.description).to.equal(`folder ${repo}`);
  });

  it('gives all but .git with includeIgnored', async () => {
    const repo = repository({ '.gitignore': '.env\nout/\n' });
    write(repo, { '.env': 'secret', 'out/x/y': '' });
    const source = await folderSource(repo, { includeIgnored: true });
    expect(Object.keys(await contents(source))).to.deep.equal(['.env', '.gitignore', 'out/x/y']);
  });

  it('gives all but .git outside of git', async () => {
    const folder = newFolder();
    write(folder, { '.gitignore': 'x', x: '1', 'a/b/c': '2', 'a/.git/config': '' });
    const source = await folderSource(folder);
    expect(await contents(source)).to.deep.equal({ '.gitignore': 'x', 'a/b/c': '2', x: '1' });
    expect((await source.list(['a/b', 'a', 'x', 'nope', 'a/.git'])).map(({ path }) => path)).to.deep.equal([
      'a/b/c',
      'x',
    ]);
    expect(source.revision.dirty).to.equal(true);
    expect(source.revision.commit).to.equal(undefined);
  });

  it('is clean only without changes and new files below it', async () => {
    const repo = repository({ 'a/f': '1', 'b/f': '1' });
    const dirty = async (folder: string) => (await folderSource(join(repo, folder))).revision.dirty;
    expect(await dirty('')).to.equal(false);
    write(repo, { 'b/f': '2' });
    expect([await dirty(''), await dirty('a'), await dirty('b')]).to.deep.equal([true, false, true]);
    write(repo, { 'b/f': '1', 'a/new': '' });
    expect([await dirty('a'), await dirty('b')]).to.deep.equal([true, false]);
  });

  it('works before the first commit, and from a folder of the work tree', async () => {
    const repo = newFolder();
    git(repo, 'init', '-q');
    write(repo, { 'sub/f': '1', g: '2' });
    const source = await folderSource(join(repo, 'sub'));
    expect(await contents(source)).to.deep.equal({ f: '1' });
    expect(source.revision.commit).to.equal(undefined);
  });

  it('does not take a repository that git cannot read for a plain folder', async () => {
    const folder = newFolder();
    write(folder, { '.git': 'gitdir: /nowhere', '.env': 'secret' });
    expect(await failure(folderSource(folder))).to.be.instanceOf(WorkError);
    expect(await failure(folderSource(join(folder, 'nope')))).to.be.instanceOf(WorkError);
  });

  it('normalises set-uid files and hard links', async () => {
    const folder = newFolder();
    write(folder, { 'img/Dockerfile': 'x', 'img/tool': { run: 'y' } });
    chmodSync(join(folder, 'img/tool'), 0o6751);
    linkSync(join(folder, 'img/tool'), join(folder, 'img/tool2'));
    const entries = await (await folderSource(folder)).list(['img']);
    expect(entries.map(({ mode }) => mode)).to.deep.equal(['100644', '100755', '100755']);
  });

  for (const inGit of [false, true]) {
    it(`finds FIFOs ${inGit ? 'beside files of git' : 'outside of git'} and never opens one`, async () => {
      const folder = inGit ? repository({ 'img/Dockerfile': '', '.gitignore': 'ignored' }) : newFolder();
      write(folder, { 'img/Dockerfile': '' });
      execFileSync('mkfifo', [join(folder, 'img/pipe')]);
      if (inGit) execFileSync('mkfifo', [join(folder, 'img/ignored')]);
      const source = await folderSource(folder);
      const result = await contextOf(source);
      expect(codes(result)).to.deep.equal(['FILE_KIND']);
      expect(result.problems[0]?.message).to.equal('`img/pipe` is a FIFO');
      expect(await failure(source.text('img/pipe'))).to.be.instanceOf(ConfigError);
    });
  }

  it('does not wait for a FIFO that is put in the place of a file', async () => {
    const folder = newFolder();
    write(folder, { 'img/Dockerfile': '' });
    const source = await folderSource(folder);
    const entries = await source.list(['img']);
    rmSync(join(folder, 'img/Dockerfile'));
    execFileSync('mkfifo', [join(folder, 'img/Dockerfile')]);
    expect((await failure(source.identify(entries))).message).to.include('`img/Dockerfile` changed');
  });

  it('reports a sparse file of 1 TB by its size, without reading it', async () => {
    const folder = newFolder();
    write(folder, { 'img/Dockerfile': '', 'img/data/huge': '' });
    truncateSync(join(folder, 'img/data/huge'), 10 ** 12);
    expect(codes(await contextOf(await folderSource(folder)))).to.deep.equal(['CONTEXT_LIMIT']);
  });

  it('says that a Git LFS file is a pointer', async () => {
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 12\n`;
    const repo = repository({
      '.gitattributes': '*.bin filter=lfs\n',
      'sub/img/m.bin': pointer,
      'sub/img/Dockerfile': '',
    });
    expect(codes(await contextOf(await folderSource(join(repo, 'sub'))))).to.deep.equal(['LFS_CONTENT']);
    expect(codes(await contextOf(await folderSource(repo), { dockerfileFolder: 'sub/img' }))).to.deep.equal([
      'LFS_CONTENT',
    ]);
  });

  it('runs nothing that the repository’s configuration names', async () => {
    const repo = repository({ 'img/Dockerfile': 'x', '.gitattributes': '* filter=evil\n' });
    const canary = join(repo, '.git', 'canary');
    for (const key of [
      'core.fsmonitor',
      'filter.evil.clean',
      'filter.evil.process',
      'core.hooksPath',
      'filter.a=b.clean',
    ]) {
      execFileSync('git', ['-C', repo, 'config', key, `touch ${canary}; cat`]);
    }
    git(repo, 'config', 'filter.evil.required', 'true');
    write(repo, { 'img/Dockerfile': 'y' });
    const source = await folderSource(repo);
    expect((await contextOf(source)).problems).to.deep.equal([]);
    expect(source.revision.dirty).to.equal(true);
    expect(existsSync(canary)).to.equal(false);
  });

  describe('symbolic links', () => {
    it('are delivered as links, and the folders they lead to are not entered', async () => {
      const folder = newFolder();
      write(folder, { 'img/Dockerfile': '', 'img/l': { link: '/proc/self' }, 'out/secret': 'canary' });
      symlinkSync('../out', join(folder, 'img/d'));
      const source = await folderSource(folder);
      expect(await contents(source, 'img')).to.deep.equal({
        'img/Dockerfile': '',
        'img/d': '../out',
        'img/l': '/proc/self',
      });
      expect(codes(await contextOf(source))).to.deep.equal(['LINK_OUTSIDE', 'LINK_OUTSIDE']);
      expect(await source.text('img/d/secret')).to.equal(undefined);
      expect(await source.list(['img/d/secret', 'img/d/'])).to.deep.equal([]);
    });

    it('in the place of a tracked folder hide its files', async () => {
      const repo = repository({ 'img/Dockerfile': '', 'img/d/secret': 'x' });
      const outside = newFolder();
      write(outside, { secret: 'canary' });
      rmSync(join(repo, 'img/d'), { recursive: true });
      symlinkSync(outside, join(repo, 'img/d'));
      expect(Object.keys(await contents(await folderSource(repo)))).to.deep.equal([
        'img/Dockerfile',
        'img/d',
      ]);
    });

    for (const [what, swap] of [
      [
        'a file',
        (folder: string, outside: string) => {
          rmSync(join(folder, 'img/d/secret'));
          symlinkSync(join(outside, 'secret'), join(folder, 'img/d/secret'));
        },
      ],
      [
        'a folder above',
        (folder: string, outside: string) => {
          renameSync(join(folder, 'img/d'), join(folder, 'img/e'));
          symlinkSync(outside, join(folder, 'img/d'));
        },
      ],
    ] as const) {
      it(`put in the place of ${what} during the walk lead nowhere`, async () => {
        const [folder, outside] = [newFolder(), newFolder()];
        write(outside, { secret: 'canary', link: { link: 'canary' } });
        write(folder, { 'img/d/secret': 'public', 'img/d/link': { link: 'public' } });
        const source = await folderSource(folder);
        const listed = await source.list(['img']);
        const identified = await source.identify(listed);
        swap(folder, outside);
        for (const entry of identified) {
          if (what === 'a file' && entry.path.endsWith('link')) continue;
          expect((await failure(source.identify([entry]))).message).to.include('changed while it was read');
          let seen = '';
          const error = await failure(
            (async () => {
              for await (const { content } of source.read([entry]))
                for await (const chunk of content) seen += String(chunk);
            })(),
          );
          expect(error).to.be.instanceOf(WorkError);
          expect(seen).to.equal('');
        }
      });
    }
  });

  describe('a file that changes between its key and its delivery', () => {
    for (const [what, size, change] of [
      ['a small one with another content', 5, 'other'],
      ['a small one that grows', 5, 'longer'],
      ['a small one that shrinks', 5, ''],
      ['a large one with another content', 1_000_000, 'y'.repeat(1_000_000)],
      ['a large one that grows', 1_000_000, 'x'.repeat(2_000_000)],
      ['a large one that shrinks', 1_000_000, 'x'],
    ] as const) {
      it(`is an error that names it: ${what}`, async () => {
        const folder = newFolder();
        write(folder, { 'a/file': 'x'.repeat(size) });
        const source = await folderSource(folder);
        const entries = await source.identify(await source.list(['a']));
        writeFileSync(join(folder, 'a/file'), change);
        const error = await failure(
          (async () => {
            for await (const { content } of source.read(entries)) await buffer(content);
          })(),
        );
        expect(error).to.be.instanceOf(WorkError);
        expect(error.message).to.equal('`a/file` changed while it was read');
      });
    }
  });

  it('uses SHA-256 in a repository that does, with the key of the commit', async () => {
    const repo = repository(
      { 'img/Dockerfile': 'x', 'img/l': { link: 'Dockerfile' } },
      '--object-format=sha256',
    );
    const folder = await contextOf(await folderSource(repo));
    expect(folder.context?.entries[0]?.blob).to.have.lengthOf(64);
    expect(folder.context?.key).to.equal((await contextOf(await gitCommitSource(repo, 'HEAD'))).context?.key);
  });
});
