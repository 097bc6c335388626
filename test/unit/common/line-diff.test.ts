import { expect } from 'chai';
import fc from 'fast-check';

import { hunkLines } from '../../../common/hunks.js';
import { lineChanges } from '../../../common/line-diff.js';

function diff(before: string, after: string, most?: number): string[] {
  const lines = before.split('');
  return hunkLines(lines, lineChanges(lines, after.split(''), most));
}

/** What the changes make of the lines. */
function applied(before: readonly string[], after: readonly string[], most?: number): string[] {
  const result = [...before];
  for (const { from, to, added } of lineChanges(before, after, most).reverse())
    result.splice(from, to - from, ...added);
  return result;
}

describe('the difference of two texts', () => {
  it('has the lines that were added, removed and replaced, with three lines around them', () => {
    expect(diff('abcdefgh', 'abcdXfgh')).to.deep.equal([
      '@@ -2,7 +2,7 @@',
      ' b',
      ' c',
      ' d',
      '-e',
      '+X',
      ' f',
      ' g',
      ' h',
    ]);
    expect(diff('', 'a')).to.deep.equal(['@@ -0,0 +1 @@', '+a']);
    expect(diff('a', '')).to.deep.equal(['@@ -1 +0,0 @@', '-a']);
    expect(diff('same', 'same')).to.deep.equal([]);
  });

  it('has hunks of their own for changes far from each other, with the lines of both texts', () => {
    const headers = diff('abcdefghijklmnop', 'XYabcdefghijklmnZp').filter((line) => line.startsWith('@@'));
    expect(headers).to.deep.equal(['@@ -1,3 +1,5 @@', '@@ -12,5 +14,5 @@']);
  });

  it('is the shortest one', () => {
    // The example of the paper: five edits.
    const body = diff('abcabba', 'cbabac').filter((line) => /^[-+]/.test(line));
    expect(body).to.have.length(5);
  });

  it('makes the one text of the other, whatever they are, within any limit', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 30 });
    fc.assert(
      fc.property(text, text, fc.integer({ min: 0, max: 60 }), (before, after, most) => {
        expect(applied(before, after)).to.deep.equal(after);
        expect(applied(before, after, most)).to.deep.equal(after);
      }),
    );
  });

  it('replaces all between the common lines where too many differ', () => {
    const changes = lineChanges(['s', 'a', 'x', 'b', 'e'], ['s', 'c', 'x', 'd', 'e'], 2);
    expect(changes).to.deep.equal([{ from: 1, to: 4, added: ['c', 'x', 'd'] }]);
  });
});
