import { expect } from 'chai';

import { unifiedDiff } from '../../../cli/output/unified-diff.js';
import type { Edit } from '../../../schema/edit.js';
import type { Range } from '../../../schema/tree.js';

/** The numbers 1 to `count`, a line each. */
const numbers = (count: number): string => Array.from({ length: count }, (_, i) => `${i + 1}\n`).join('');

/** Cuts these pieces out. */
function diff(before: string, pieces: readonly string[], secrets: readonly string[] = []): string[] {
  const range = (piece: string): Range => [before.indexOf(piece), before.indexOf(piece) + piece.length];
  const edits = pieces.map((piece): Edit => ({ start: range(piece)[0], end: range(piece)[1], text: '' }));
  return unifiedDiff({ path: 'f', before, edits, secrets: secrets.map(range) }).slice(2);
}

describe('unifiedDiff', () => {
  it('has three lines around a change', () => {
    expect(diff(numbers(9), ['5\n'])).to.deep.equal([
      '@@ -2,7 +2,6 @@',
      ' 2',
      ' 3',
      ' 4',
      '-5',
      ' 6',
      ' 7',
      ' 8',
    ]);
  });

  it('joins changes whose lines touch, and counts the removed lines', () => {
    const heads = diff(numbers(40), ['3\n', '9\n', '25\n']).filter((line) => line.startsWith('@@'));
    expect(heads).to.deep.equal(['@@ -1,12 +1,10 @@', '@@ -22,7 +20,6 @@']);
  });

  it('shows a line of which a part is removed, before and after', () => {
    expect(diff('a: [x/, y]\n', ['/'])).to.deep.equal(['@@ -1 +1 @@', '-a: [x/, y]', '+a: [x, y]']);
  });

  it('says where a file ends without a line break', () => {
    expect(diff('a\nb', ['a\n'])).to.deep.equal([
      '@@ -1,2 +1 @@',
      '-a',
      ' b',
      '\\ No newline at end of file',
    ]);
  });

  it('names the line before an empty file', () => {
    expect(diff('a\n', ['a\n'])).to.deep.equal(['@@ -1 +0,0 @@', '-a']);
  });

  it('hides secrets, of several lines too', () => {
    expect(diff('x: 1\nk: "se\n  cret"\n', ['x: 1\n'], ['"se\n  cret"'])).to.deep.equal([
      ...['@@ -1,3 +1,2 @@', '-x: 1', ' k: ***', ' ***'],
    ]);
  });

  it('is empty without a change', () => {
    expect(unifiedDiff({ path: 'f', before: 'a\n', edits: [], secrets: [] })).to.deep.equal([]);
  });
});
