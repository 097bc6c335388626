import { expect } from 'chai';
import fc from 'fast-check';

import { isLabelKey, isLabelValue } from '../../../schema/labels.js';
import { generated, reference, SEEDS, type Reference } from '../../support/reference.js';

const TEXTS = [
  ...[
    '',
    'a',
    'A',
    '9',
    '-',
    '.',
    '_',
    'a-',
    '-a',
    'a.',
    'a_',
    'a b',
    ' a',
    'a\n',
    'é',
    'a.b_c-9',
    'A--_..b',
    'a,b',
    '*',
  ],
  ...[
    'a/b',
    '/b',
    'a/',
    'a//b',
    'a/b/c',
    'A/b',
    'a.b/c',
    'a..b/c',
    '.a/b',
    'a./b',
    'a-.b/c',
    'a.-b/c',
    'a_b/c',
    'x.y-z/A',
  ],
  ...[
    'x'.repeat(63),
    'x'.repeat(64),
    `${'d'.repeat(253)}/x`,
    `${'d'.repeat(254)}/x`,
    `a/${'n'.repeat(64)}`,
    'é'.repeat(32),
  ],
  ...[
    'kfops.dev/commit',
    'app.kubernetes.io/managed-by',
    '0'.repeat(64),
    `${'a.'.repeat(126)}a/x`,
    `${'a.'.repeat(127)}a/x`,
  ],
];

const CHARACTERS = fc.constantFrom('a', 'Z', '0', '-', '_', '.', '/', ' ', 'é', '\n');
const TEXT = fc.oneof(
  fc.string({ unit: CHARACTERS, maxLength: 8 }),
  fc.string({ unit: fc.constantFrom('a', 'a', 'a', '.', '-'), minLength: 58, maxLength: 68 }),
  fc
    .tuple(fc.string({ unit: CHARACTERS, maxLength: 6 }), fc.string({ unit: CHARACTERS, maxLength: 6 }))
    .map((two) => two.join('/')),
);

describe('labels and Kubernetes', () => {
  let kubernetes: Reference | undefined;
  before(function () {
    this.timeout(600_000);
    kubernetes = reference(this);
  });
  after(() => kubernetes?.remove());

  const expectSame = async (texts: readonly string[]): Promise<void> => {
    const answers = (await kubernetes?.label(texts.map((text) => ({ key: text, value: text })))) ?? [];
    for (const [i, text] of texts.entries()) {
      const { key = [], value = [] } = answers[i] ?? {};
      expect({ key: isLabelKey(text), value: isLabelValue(text) }, JSON.stringify(text)).to.deep.equal({
        key: key.length === 0,
        value: value.length === 0,
      });
    }
  };

  it('agree on the fixed texts', () => expectSame(TEXTS));

  for (const seed of SEEDS) {
    it(`agree on generated texts (seed ${seed})`, () => expectSame(generated(TEXT, seed)));
  }
});
