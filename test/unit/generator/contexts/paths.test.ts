import { expect } from 'chai';
import fc from 'fast-check';

import {
  ancestors,
  below,
  belowAny,
  compareBytes,
  entryAt,
  hasBelow,
  isBelow,
  joinPath,
  parentPath,
  sortByPath,
} from '../../../../generator/contexts/paths.js';

/** Paths around everything that is compared: what follows a slash, and what UTF-16 puts elsewhere than UTF-8 does. */
const NAME = fc.string({
  unit: fc.constantFrom('a', 'b', '.', '-', '0', '\ud7ff', '\ue000', '\u{10000}'),
  minLength: 1,
  maxLength: 3,
});
const PATH = fc.array(NAME, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
const entries = fc
  .uniqueArray(PATH, { maxLength: 12 })
  .map((paths) => sortByPath(paths.map((path) => ({ path }))));

describe('paths of a repository', () => {
  it('are in the order of their bytes', () => {
    fc.assert(
      fc.property(PATH, PATH, (a, b) => {
        expect(Math.sign(compareBytes(a, b))).to.equal(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
      { numRuns: 1000 },
    );
    expect(compareBytes('a', 'ab')).to.be.below(0);
    expect(compareBytes('\ue000', '\u{10000}')).to.be.below(0);
    expect(compareBytes('\ud7ff', '\ue000')).to.be.below(0);
    expect(compareBytes('\ud7ff', '\u{10000}')).to.be.below(0);
    expect(compareBytes('\u{10000}', '\u{10001}')).to.be.below(0);
  });

  it('are sorted where they are, and a sorted list is left alone', () => {
    const list = [{ path: 'b' }, { path: 'a' }, { path: 'a' }];
    expect(sortByPath(list)).to.equal(list);
    expect(list.map(({ path }) => path)).to.deep.equal(['a', 'a', 'b']);
    const [first, second] = [{ path: 'a' }, { path: 'a' }];
    const sorted = Object.freeze([first, second]) as typeof list;
    expect(sortByPath(sorted)).to.deep.equal([first, second]);
  });

  it('of a folder are found among all', () => {
    fc.assert(
      fc.property(entries, fc.oneof(PATH, fc.constant('')), (list, folder) => {
        const expected = list.filter(({ path }) => isBelow(path, folder));
        expect(below(list, folder)).to.deep.equal(expected);
        const inside = expected.filter(({ path }) => path !== folder);
        expect(hasBelow(list, folder)).to.equal(inside.length > 0);
        expect(entryAt(list, folder)).to.equal(list.find(({ path }) => path === folder));
      }),
      { numRuns: 2000 },
    );
  });

  it('of several folders are found among all, each once', () => {
    const folders = fc.array(fc.oneof(PATH, fc.constant('')), { maxLength: 5 });
    fc.assert(
      fc.property(entries, folders, (list, some) => {
        const expected = list.filter(({ path }) => some.some((folder) => isBelow(path, folder)));
        expect(belowAny(list, some)).to.deep.equal(expected);
      }),
      { numRuns: 2000 },
    );
  });

  it('a list of nothing but a folder’s files is not copied: it may have 100,000', () => {
    const list = [{ path: 'a/b' }, { path: 'a/c' }];
    expect(below(list, 'a')).to.equal(list);
    expect(below(list, '')).to.equal(list);
    const itself = [{ path: 'a' }, { path: 'a/b' }];
    expect(below(itself, 'a')).to.deep.equal(itself);
  });

  it('are below a folder by whole names', () => {
    expect(isBelow('a/b', 'a')).to.equal(true);
    expect(isBelow('a', 'a')).to.equal(true);
    expect(isBelow('a', '')).to.equal(true);
    expect(isBelow('ab', 'a')).to.equal(false);
    expect(isBelow('b/a', 'a')).to.equal(false);
  });

  it('have a folder, and folders above it', () => {
    expect([joinPath('', 'a'), joinPath('a/b', 'c')]).to.deep.equal(['a', 'a/b/c']);
    expect([parentPath('a'), parentPath('a/b/c')]).to.deep.equal(['', 'a/b']);
    expect([...ancestors('a/b/c')]).to.deep.equal(['a/b', 'a']);
    expect([...ancestors('a')]).to.deep.equal([]);
    expect([...ancestors('/a')]).to.deep.equal([]);
  });
});
