import { expect } from 'chai';

import { readDocument } from '../../../schema/document.js';
import { indentFlow } from '../../../schema/flow-indent.js';
import { Source } from '../../../schema/source.js';
import { at, toValue } from '../../../schema/tree.js';

describe('lines in brackets and quotes that are not indented', () => {
  const text = 'a:\n  b: {\nc: "x\ny",\n\n# ]\nd: [1,\n2]}\n  e: f\n';

  it('are read', () => {
    const { tree, diagnostics } = readDocument(new Source('f', text));
    expect(diagnostics).to.deep.equal([]);
    expect(tree && toValue(tree)).to.deep.equal({ a: { b: { c: 'x y', d: [1, 2] }, e: 'f' } });
  });

  it('keep their places', () => {
    const { tree } = readDocument(new Source('f', text));
    for (const [path, written] of [
      [['a', 'b', 'c'], '"x\ny"'],
      [['a', 'b', 'd', 1], '2'],
      [['a', 'e'], 'f'],
    ] as const) {
      expect(text.slice(...at(tree!, path)!.range)).to.equal(written);
    }
  });

  it('keep the places of errors', () => {
    const { diagnostics } = readDocument(new Source('f', `${text}  g: {\nh: i: j\n}\n`));
    expect(diagnostics[0]).to.include({ line: 11, excerpt: 'h: i: j' });
    const [tag] = readDocument(new Source('f', `${text}  g: {\nh: "{{x"}\n`)).diagnostics;
    expect(tag).to.include({ code: 'TEMPLATE_TAG', line: 11, column: 4, length: 5, excerpt: 'h: "{{x"}' });
  });

  it('are left alone where indentation is not what is wrong', () => {
    for (const wrong of ['a: 1', 'a: [\n1', 'a: "x\ny', 'a: [\n---\n]', 'a: "\n...\n"', 'a: b: c', '']) {
      expect(indentFlow(wrong), wrong).to.equal(undefined);
    }
  });

  it('do not keep the reader busy', () => {
    const far = `a: ${' '.repeat(2000)}[\n${'x,\n'.repeat(2000)}]`;
    const many = Array.from({ length: 100 }, (_, i) => `k${i}: [\n1\n]`).join('\n');
    expect(indentFlow(far)).to.equal(undefined);
    expect(readDocument(new Source('f', many)).diagnostics).to.deep.equal([]);
  });
});
