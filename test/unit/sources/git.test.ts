import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'chai';

import { ConfigError } from '../../../schema/diagnostic.js';
import { WorkError } from '../../../schema/errors.js';
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

describe('a git commit as a source', () => {
  afterEach(removeFolders);

  it('gives the commit’s files, not the work tree’s, and leaves that alone', async () => {
    const repo = repository({
      'img/Dockerfile': 'one',
      'img/run.sh': { run: 'x' },
      'img/l': { link: 'run.sh' },
    });
    write(repo, { 'img/Dockerfile': 'two', 'img/new': '' });
    const before = git(repo, 'status', '--porcelain');
    const source = await gitCommitSource(repo, 'HEAD');
    expect(source.revision.commit).to.equal(git(repo, 'rev-parse', 'HEAD'));
    expect(source.revision.dirty).to.equal(false);
    expect((await source.list(['img'])).map(({ path, mode, size }) => [path, mode, size])).to.deep.equal([
      ['img/Dockerfile', '100644', 3],
      ['img/l', '120000', 6],
      ['img/run.sh', '100755', 1],
    ]);
    expect(await contents(source)).to.deep.equal({
      'img/Dockerfile': 'one',
      'img/l': 'run.sh',
      'img/run.sh': 'x',
    });
    expect(git(repo, 'status', '--porcelain')).to.equal(before);
  });

  it('works from a folder of the work tree, and from a bare repository', async () => {
    const repo = repository({ 'sub/img/Dockerfile': 'x', 'sub/-odd/f': '', 'other/f': 'y' });
    const source = await gitCommitSource(join(repo, 'sub'), 'main');
    expect(Object.keys(await contents(source))).to.deep.equal(['-odd/f', 'img/Dockerfile']);
    expect((await source.list(['-odd', 'other', '../other'])).map(({ path }) => path)).to.deep.equal([
      '-odd/f',
    ]);
    expect(await source.text('img/Dockerfile')).to.equal('x');
    const bare = newFolder();
    git(repo, 'clone', '-q', '--bare', repo, bare);
    expect(Object.keys(await contents(await gitCommitSource(bare, 'main'), 'sub'))).to.have.lengthOf(2);
  });

  it('takes a full id for the commit even where a branch has that name', async () => {
    const repo = repository({ f: 'one' });
    const first = git(repo, 'rev-parse', 'HEAD');
    write(repo, { f: 'two' });
    git(repo, 'commit', '-qam', 'two');
    git(repo, 'update-ref', `refs/heads/${first}`, 'HEAD');
    const source = await gitCommitSource(repo, first);
    expect(source.revision.commit).to.equal(first);
    expect(await source.text('f')).to.equal('one');
  });

  for (const revision of [
    '--upload-pack=touch canary',
    '--output=canary',
    '-h',
    'nowhere',
    '',
    'a\nb',
    'HEAD:f',
    'f'.repeat(40),
  ]) {
    it(`refuses ${JSON.stringify(revision)} as a revision`, async () => {
      const repo = repository({ f: 'one' });
      expect(await failure(gitCommitSource(repo, revision))).to.be.instanceOf(ConfigError);
      expect(readdirSync(repo).sort()).to.deep.equal(['.git', 'f']);
    });
  }

  it('says when there is no repository, and when there is no git', async () => {
    const folder = newFolder();
    expect((await failure(gitCommitSource(folder, 'HEAD'))).message).to.include('not a git repository');
    const path = process.env.PATH;
    try {
      process.env.PATH = folder;
      expect((await failure(gitCommitSource(folder, 'HEAD'))).message).to.include('git is not installed');
    } finally {
      process.env.PATH = path;
    }
  });

  it('is not led to another repository by the environment, as inside of a hook', async () => {
    const [repo, other] = [repository({ f: 'mine' }), repository({ f: 'other' })];
    process.env.GIT_DIR = join(other, '.git');
    try {
      expect(await (await gitCommitSource(repo, 'HEAD')).text('f')).to.equal('mine');
    } finally {
      delete process.env.GIT_DIR;
    }
  });

  it('refuses names that only a tree made by hand can hold', async () => {
    const repo = repository({ f: 'canary' });
    const blob = git(repo, 'rev-parse', 'HEAD:f');
    const tree = Buffer.concat([Buffer.from('100644 ..\0'), Buffer.from(blob, 'hex')]);
    const id = execFileSync(
      'git',
      ['-C', repo, 'hash-object', '-t', 'tree', '-w', '--stdin', '--literally'],
      { input: tree },
    );
    const outer = Buffer.concat([Buffer.from('40000 img\0'), Buffer.from(id.toString().trim(), 'hex')]);
    const top = execFileSync(
      'git',
      ['-C', repo, 'hash-object', '-t', 'tree', '-w', '--stdin', '--literally'],
      { input: outer },
    );
    const commit = git(repo, 'commit-tree', '-m', 'bad', top.toString().trim());
    const { problems } = await contextOf(await gitCommitSource(repo, commit));
    expect(problems.map(({ code }) => code)).to.include('FILE_UNREADABLE');
  });

  it('refuses names that are not UTF-8, where a context wants them', async () => {
    const repo = repository({ 'img/Dockerfile': '', 'ok/Dockerfile': '' });
    const name = Buffer.concat([Buffer.from(`${repo}/img/`), Buffer.from([0xff, 0x41])]);
    writeFileSync(name, '');
    git(repo, 'add', '-A');
    git(repo, 'commit', '-qm', 'name');
    const source = await gitCommitSource(repo, 'HEAD');
    expect((await contextOf(source)).problems.map(({ code }) => code)).to.deep.equal(['FILE_UNREADABLE']);
    expect((await contextOf(source, { dockerfileFolder: 'ok' })).problems).to.deep.equal([]);
  });

  it('reads many texts through one process, and none that is too large, a link or not there', async () => {
    const repo = repository({ a: 'A', b: 'B', l: { link: 'a' }, big: 'x'.repeat(2 ** 20 + 1) });
    const source = await gitCommitSource(repo, 'HEAD');
    await source.list(['']);
    expect(await Promise.all(['a', 'b', 'nope'].map((path) => source.text(path)))).to.deep.equal([
      'A',
      'B',
      undefined,
    ]);
    expect(await failure(source.text('l'))).to.be.instanceOf(ConfigError);
    expect(await failure(source.text('big'))).to.be.instanceOf(ConfigError);
  });

  it('ends git when its reader stops early', async () => {
    const repo = repository({ a: 'x'.repeat(3_000_000), b: 'x' });
    const source = await gitCommitSource(repo, 'HEAD');
    const entries = await source.identify(await source.list(['']));
    for await (const { content } of source.read(entries)) {
      content.destroy();
      break;
    }
    const children = execFileSync('ps', ['-o', 'pid=,comm=', '--ppid', String(process.pid)], {
      encoding: 'utf8',
    });
    expect(children).not.to.match(/\bgit\b/);
  });

  it('says which object is missing', async () => {
    const repo = repository({ a: 'x' });
    const blob = git(repo, 'rev-parse', 'HEAD:a');
    const source = await gitCommitSource(repo, 'HEAD');
    const entries = await source.identify(await source.list(['']));
    rmSync(join(repo, '.git', 'objects', blob.slice(0, 2), blob.slice(2)));
    const error = await failure(
      (async () => {
        for await (const { content } of source.read(entries)) content.resume();
      })(),
    );
    expect(error).to.be.instanceOf(WorkError);
    expect(error.message).to.include(blob);
  });

  it('runs nothing that the repository’s configuration names', async () => {
    const repo = repository({ 'img/Dockerfile': '', '.gitattributes': '* filter=evil diff=evil\n' });
    const canary = join(repo, '.git', 'canary');
    const touch = `touch ${canary}; cat`;
    for (const key of [
      'core.fsmonitor',
      'core.pager',
      'core.sshCommand',
      'filter.evil.clean',
      'filter.evil.smudge',
      'diff.evil.textconv',
      'credential.helper',
    ]) {
      git(repo, 'config', key, touch);
    }
    const source = await gitCommitSource(repo, 'HEAD');
    expect((await contextOf(source)).problems).to.deep.equal([]);
    expect(existsSync(canary)).to.equal(false);
  });

  describe('Git LFS', () => {
    const content = 'the real content';
    const oid = createHash('sha256').update(content).digest('hex');
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize ${content.length}\n`;
    const files = {
      'img/Dockerfile': '',
      'img/model.bin': pointer,
      '.gitattributes': '*.bin filter=lfs diff=lfs -text\n',
    };

    it('delivers the content, and identifies it as the content', async () => {
      const repo = repository(files);
      const folder = join(repo, '.git', 'lfs', 'objects', oid.slice(0, 2), oid.slice(2, 4));
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, oid), content);
      const source = await gitCommitSource(repo, 'HEAD');
      expect((await contents(source, 'img'))['img/model.bin']).to.equal(content);
      const plain = repository({ 'img/Dockerfile': '', 'img/model.bin': content });
      const keys = [source, await gitCommitSource(plain, 'HEAD')].map(
        async (each) => (await contextOf(each)).context?.key,
      );
      expect(await keys[0])
        .to.equal(await keys[1])
        .and.to.be.a('string');
      expect(await source.text('img/model.bin')).to.equal(content);
    });

    it('says how to get a content that is not there', async () => {
      const [problem] = (await contextOf(await gitCommitSource(repository(files), 'HEAD'))).problems;
      expect(problem?.code).to.equal('LFS_CONTENT');
      expect(problem?.message).to.include('`img/model.bin`');
      expect(problem?.hint).to.include('git lfs pull');
    });

    it('leaves alone what only looks like a pointer, in a repository without Git LFS', async () => {
      const repo = repository({ 'img/Dockerfile': '', 'img/model.bin': pointer });
      expect((await contents(await gitCommitSource(repo, 'HEAD')))['img/model.bin']).to.equal(pointer);
    });
  });
});
