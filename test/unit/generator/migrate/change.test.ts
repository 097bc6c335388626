import { expect } from 'chai';

import { makeChanges, type Change } from '../../../../generator/migrate/change.js';
import { readDocument } from '../../../../schema/document.js';
import { Source } from '../../../../schema/source.js';

function changed(text: string, ...changes: Change[]): { after: string; made: boolean[] } {
  const { tree } = readDocument(new Source('x.yaml', text));
  if (!tree) throw new Error('no tree');
  const { after, made } = makeChanges(tree, changes);
  return { after, made: changes.map((change) => made.has(change)) };
}
const remove = (...path: (string | number)[]): Change => ({ kind: 'remove', path });
const cut = (end: string, ...path: (string | number)[]): Change => ({ kind: 'cut-end', end, path });

describe('changes of a YAML file', () => {
  it('leave comments, order and quotes as they are', () => {
    const text = '# A\nz: "q"   # Q\nb: 2\na: [ x/ , \'y/\' ]\n';
    expect(changed(text, remove('b'), cut('/', 'a', 0), cut('/', 'a', 1))).to.deep.equal({
      after: '# A\nz: "q"   # Q\na: [ x , \'y\' ]\n',
      made: [true, true, true],
    });
  });

  it('leave out what would change something else', () => {
    // Without the anchor, the alias below has no value.
    const text = 'a: &x 1\nb: *x\nc: 3\n';
    expect(changed(text, remove('a'), remove('c'))).to.deep.equal({
      after: 'a: &x 1\nb: *x\n',
      made: [false, true],
    });
  });

  it('leave out a key that comes from a merge', () => {
    const text = 'x: &x\n  b: 2\n  c: 3\na:\n  <<: *x\n';
    expect(changed(text, remove('a', 'b'))).to.deep.equal({ after: text, made: [false] });
  });

  it('leave out a text that is written in another way', () => {
    const text = 'a: "x\\x2f"\n';
    expect(changed(text, cut('/', 'a'))).to.deep.equal({ after: text, made: [false] });
  });

  it('leave out changes that overlap', () => {
    const text = 'a:\n  b: 1\n  c: 2\nd: 3\n';
    const { after, made } = changed(text, remove('a'), remove('a', 'b'));
    expect({ after, made }).to.deep.equal({ after: text, made: [false, false] });
  });
});
