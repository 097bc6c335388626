import { expect } from 'chai';

import { readDocument } from '../../../schema/document.js';
import { applyEdits, removal } from '../../../schema/edit.js';
import { Source } from '../../../schema/source.js';

/** A text without the key; undefined where it would take more than whole lines. */
function without(text: string, ...path: (string | number)[]): string | undefined {
  const { tree } = readDocument(new Source('x.yaml', text));
  const edit = tree && removal(tree, path);
  return edit && applyEdits(text, [edit]);
}

describe('schema/edit', () => {
  const cases: Readonly<
    Record<string, [text: string, path: (string | number)[], result: string | undefined]>
  > = {
    'a line with its comment': ['a: 1\nb: 2 # two\nc: 3\n', ['b'], 'a: 1\nc: 3\n'],
    'comments above it, with its indentation': [
      'a:\n  # of b\n  # too\n  b: 2\n  c: 3\n',
      ['a', 'b'],
      'a:\n  c: 3\n',
    ],
    'no comment of something else': [
      '# file\n\na:\n# of a\n  b: 2\n  # of c\n  c: 3\n',
      ['a', 'b'],
      '# file\n\na:\n# of a\n  # of c\n  c: 3\n',
    ],
    'one of the blank lines around it': ['a: 1\n\nb: 2\n\nc: 3\n', ['b'], 'a: 1\n\nc: 3\n'],
    'a list below it': ['a:\n- x\n- y\nb: 2\n', ['a'], 'b: 2\n'],
    'a map below it': ['a:\n  x: {y: 1}\n  z: |\n    text\n\nb: 2\n', ['a'], '\nb: 2\n'],
    'a key without a value': ['a: 1\nb:\nc: 3\n', ['b'], 'a: 1\nc: 3\n'],
    'the last line of a file that ends without a line break': ['a: 1\nb: 2', ['b'], 'a: 1\n'],
    'lines that end as on Windows': ['a: 1\r\nb: 2\r\nc: 3\r\n', ['b'], 'a: 1\r\nc: 3\r\n'],
    'the first key of an item, before another': ['- a: 1\n  b: 2\n', [0, 'a'], '- b: 2\n'],
    'the only key of an item: never': ['- a: 1\n- b: 2\n', [0, 'a'], undefined],
    'the first key before a comment: never': ['- a: 1\n  # of b\n  b: 2\n', [0, 'a'], undefined],
    'between brackets: never': ['{a: 1, b: 2}\n', ['b'], undefined],
    'an alias: never': ['a: &x 1\nb: *x\n', ['b'], undefined],
    'a key that isn’t there: never': ['a: 1\n', ['b'], undefined],
  };
  for (const [what, [text, path, result]] of Object.entries(cases)) {
    it(`removes ${what}`, () => {
      expect(without(text, ...path)).to.equal(result);
    });
  }
});
