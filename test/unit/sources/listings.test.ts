import { expect } from 'chai';

import { Listings } from '../../../sources/listings.js';
import { failure } from './repository.js';

const FILES = ['a', 'b/one', 'b/two', 'c/one'].map((path) => ({ path }));

describe('listings', () => {
  let asked: string[];
  let fails: boolean;
  let listings: Listings<{ path: string }>;
  beforeEach(() => {
    asked = [];
    fails = false;
    listings = new Listings((paths) => {
      asked.push(paths.join(' '));
      return fails ? Promise.reject(new Error('not listed')) : Promise.resolve(FILES);
    });
  });

  const below = async (...paths: string[]): Promise<string[]> =>
    (await listings.below(paths)).map(({ path }) => path);

  it('look for paths until everything is listed, and never again', async () => {
    expect(await below('b')).to.deep.equal(['b/one', 'b/two']);
    const [all, some] = await Promise.all([below(''), below('c', 'a')]);
    expect(all).to.deep.equal(['a', 'b/one', 'b/two', 'c/one']);
    expect(some).to.deep.equal(['a', 'c/one']);
    expect(await below('b/two', 'missing')).to.deep.equal(['b/two']);
    expect(asked).to.deep.equal(['b', '']);
  });

  it('look for the same paths once', async () => {
    expect(await below('b', 'a')).to.deep.equal(await below('b', 'a'));
    expect(asked).to.deep.equal(['b a']);
  });

  it('look again where that failed', async () => {
    fails = true;
    expect((await failure(below(''))).message).to.equal('not listed');
    fails = false;
    expect(await below('')).to.have.length(4);
    expect(asked).to.deep.equal(['', '']);
  });
});
