import { expect } from 'chai';

import { CommitTree } from '../../../sources/commit-tree.js';
import type { ListedEntry } from '../../../sources/submodules/types.js';
import { failure } from './repository.js';

const FILES = ['a', 'b/one', 'b/two', 'c/one'].map((path): ListedEntry => ({
  path,
  mode: '100644',
  size: 1,
  blob: path,
}));

describe('the tree of a commit', () => {
  let asked: string[];
  let fails: boolean;
  let tree: CommitTree;
  beforeEach(() => {
    asked = [];
    fails = false;
    tree = new CommitTree((paths) => {
      asked.push(paths.join(' '));
      return fails ? Promise.reject(new Error('git failed')) : Promise.resolve(FILES);
    });
  });

  const below = async (...paths: string[]): Promise<string[]> =>
    (await tree.below(paths)).map(({ path }) => path);

  it('asks git about the paths until all is listed, and never again', async () => {
    expect(await below('b')).to.deep.equal(['b/one', 'b/two']);
    const [all, some] = await Promise.all([below(''), below('c', 'a')]);
    expect(all).to.deep.equal(['a', 'b/one', 'b/two', 'c/one']);
    expect(some).to.deep.equal(['a', 'c/one']);
    expect(await below('b/two', 'missing')).to.deep.equal(['b/two']);
    expect(asked).to.deep.equal(['b', '']);
  });

  it('asks git once about the same paths', async () => {
    expect(await below('b', 'a')).to.deep.equal(await below('b', 'a'));
    expect(asked).to.deep.equal(['b a']);
  });

  it('asks again where git failed', async () => {
    fails = true;
    expect((await failure(below(''))).message).to.equal('git failed');
    fails = false;
    expect(await below('')).to.have.length(4);
    expect(asked).to.deep.equal(['', '']);
  });
});
