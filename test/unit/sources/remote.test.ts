import { expect } from 'chai';

import { gitCommitSource } from '../../../sources/git.js';
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
});
