import { expect } from 'chai';
import fc from 'fast-check';

import { gitCommitSource } from '../../../sources/git.js';
import { compatible, file, path } from './arbitrary.js';
import { Remotes } from './remotes.js';
import { contents, contextOf, git } from './repository.js';

const FILES = {
  'README.md': 'x'.repeat(100),
  'config_files/config.yaml': 'a: 1\n',
  'img/Dockerfile': 'FROM scratch\n',
  'img/run.sh': { run: 'echo' },
  'img/link': { link: 'run.sh' },
  'lib/big': 'y'.repeat(50_000),
};

describe('a commit of a remote repository as a source', () => {
  let remotes: Remotes;
  beforeEach(async () => {
    remotes = await Remotes.start();
  });
  afterEach(() => remotes.stop());

  it('has the same entries, contents and context key as the commit in a clone', async () => {
    const repo = remotes.repository('o/r', FILES);
    const [remote, here] = [await remotes.open(remotes.cache(), repo), await gitCommitSource(repo, 'HEAD')];
    expect(remote.revision).to.deep.equal(here.revision);
    for (const paths of [['img'], ['img', 'lib/big'], ['nothing'], ['']]) {
      expect(await remote.list(paths)).to.deep.equal(await here.list(paths));
    }
    expect(await contents(remote)).to.deep.equal(await contents(here));
    const [a, b] = [await contextOf(remote), await contextOf(here)];
    expect(a.context?.key).to.be.a('string').and.to.equal(b.context?.key);
    expect(await remote.text('config_files/config.yaml')).to.equal('a: 1\n');
    expect(await remote.text('config_files/none.yaml')).to.equal(undefined);
  });

  it('fetches only the contents that are asked for, in one request, and none twice', async () => {
    const repo = remotes.repository('o/r', FILES);
    const cache = remotes.cache();
    const source = await remotes.open(cache, repo);
    expect(remotes.server.fetches.map(({ wants }) => wants.length)).to.deep.equal([1]);
    await source.list(['img']);
    const ids = ['img/Dockerfile', 'img/run.sh', 'img/link'].map((path) =>
      git(repo, 'rev-parse', `HEAD:${path}`),
    );
    expect([...remotes.server.fetches[1]!.wants].sort()).to.deep.equal(ids.sort());
    await source.list(['img']);
    await (await remotes.open(cache, repo)).list(['img']);
    expect(remotes.server.fetches).to.have.lengthOf(2);
    remotes.commit(repo, { 'img/Dockerfile': 'FROM other\n' });
    await (await remotes.open(cache, repo)).list(['img']);
    expect(remotes.server.fetches.map(({ wants }) => wants.length)).to.deep.equal([1, 3, 1, 1]);
  });

  it('has them for any tree', async () => {
    const cache = remotes.cache();
    let n = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(path, file), { maxLength: 12 }), async (entries) => {
        const repo = remotes.repository(`o/p${n++}`, {
          ...compatible(new Map(entries)),
          'img/Dockerfile': 'FROM scratch',
        });
        const [remote, here] = [await remotes.open(cache, repo), await gitCommitSource(repo, 'HEAD')];
        expect(await remote.list(['img'])).to.deep.equal(await here.list(['img']));
        expect(await contents(remote)).to.deep.equal(await contents(here));
        expect((await contextOf(remote)).context?.key).to.equal((await contextOf(here)).context?.key);
      }),
      { numRuns: 4, interruptAfterTimeLimit: 12_000 },
    );
  });

  it('works where objects are named by SHA-256', async () => {
    const repo = remotes.repository('o/r', FILES, '--object-format=sha256');
    const cache = remotes.cache();
    const [remote, here] = [await remotes.open(cache, repo), await gitCommitSource(repo, 'HEAD')];
    expect(remote.revision.commit).to.have.lengthOf(64);
    expect(await contents(remote)).to.deep.equal(await contents(here));
    // The same key, as after a repository was made anew.
    const other = remotes.repository('o/other', FILES);
    expect(await contents(await remotes.open(cache, other))).to.deep.equal(await contents(here));
  });

  it('works where the remote cannot leave out contents', async () => {
    const repo = remotes.repository('o/r', FILES);
    git(repo, 'config', 'uploadpack.allowFilter', 'false');
    const source = await remotes.open(remotes.cache(), repo);
    expect(await contents(source)).to.deep.equal(await contents(await gitCommitSource(repo, 'HEAD')));
    expect(remotes.server.fetches).to.have.lengthOf(1);
  });

  it('asks once for texts that are wanted at the same time', async () => {
    const repo = remotes.repository('o/r', { a: 'A', b: 'B', c: 'C' });
    const source = await remotes.open(remotes.cache(), repo);
    const texts = await Promise.all(['a', 'b', 'c', 'd'].map((path) => source.text(path)));
    expect(texts).to.deep.equal(['A', 'B', 'C', undefined]);
    expect(remotes.server.fetches.length).to.be.within(2, 3);
  });

  it('gets only what is new of the next commit', async () => {
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`d${i}/f`, `${i}`]));
    const repo = remotes.repository('o/r', many);
    const cache = remotes.cache();
    await remotes.open(cache, repo);
    const before = remotes.server.bytesSent;
    remotes.commit(repo, { 'd1/f': 'new' });
    await remotes.open(cache, repo);
    expect(remotes.server.bytesSent - before).to.be.lessThan(before / 2);
  });
});
