import { expect } from 'chai';

import { enumerate, enumerateFirst } from '../../../common/enumerate.js';

describe('enumerate', () => {
  for (const [items, expected] of [
    [[], ''],
    [['a'], 'a'],
    [['a', 'b'], 'a and b'],
    [['a', 'b', 'c'], 'a, b and c'],
  ] as const)
    it(`says "${expected}"`, () => {
      expect(enumerate(items)).to.equal(expected);
    });

  it('counts what is not named', () => {
    const four = ['a', 'b', 'c', 'd'];
    expect(enumerateFirst(four, 4)).to.equal('a, b, c and d');
    expect(enumerateFirst(four, 3)).to.equal('a, b, c and 1 more');
    expect(enumerateFirst(four, 1)).to.equal('a and 3 more');
  });
});
