import { expect } from 'chai';
import fc from 'fast-check';

import { matchesName, matchesText } from '../../../../generator/project/name-pattern.js';

/** The same in other words: a regular expression, which is not used as patterns can make it slow. */
const expression = (pattern: string, any: string): RegExp =>
  new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', any)}$`, 's');

describe('a name pattern', () => {
  const texts = fc.string({ unit: fc.constantFrom('a', 'b', '/', '.', '-'), maxLength: 12 });
  const patterns = fc.string({ unit: fc.constantFrom('a', 'b', '/', '.', '-', '*'), maxLength: 8 });

  it('matches what the regular expression of the same meaning matches', () => {
    fc.assert(
      fc.property(patterns, texts, (pattern, text) => {
        expect(matchesName(pattern, text)).to.equal(expression(pattern, '[^/]*').test(text));
        expect(matchesText(pattern, text)).to.equal(expression(pattern, '.*').test(text));
      }),
      { numRuns: 5000 },
    );
  });

  it('takes no character for its start and its end at once', () => {
    for (const [pattern, short, enough] of [
      ['ab*ba', 'aba', 'abba'],
      ['a*a', 'a', 'aa'],
      ['a*b*b', 'ab', 'abb'],
    ] as const) {
      expect([matchesText(pattern, short), matchesText(pattern, enough)]).to.deep.equal([false, true]);
      expect([matchesName(pattern, short), matchesName(pattern, enough)]).to.deep.equal([false, true]);
    }
  });

  it('matches what it was made of', () => {
    fc.assert(
      fc.property(texts, fc.nat(12), fc.nat(12), (text, from, to) => {
        const start = text.slice(0, Math.min(from, to));
        const hidden = text.slice(start.length, Math.max(from, to));
        const pattern = `${start}*${text.slice(start.length + hidden.length)}`;
        expect(matchesText(pattern, text)).to.equal(true);
        expect(matchesName(pattern, text)).to.equal(!hidden.includes('/'));
      }),
    );
  });

  it('stands for itself without `*`, whatever a regular expression would make of it', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        const plain = one.replaceAll('*', '');
        expect(matchesText(plain, plain)).to.equal(true);
        expect(matchesText(plain, other)).to.equal(plain === other);
      }),
    );
    for (const name of ['__proto__', 'constructor', 'a.b', '(a+)+$']) {
      expect(matchesName(name, name)).to.equal(true);
      expect(matchesName('a', name)).to.equal(false);
    }
  });

  it('is not slow, whatever it holds', () => {
    const name = 'a'.repeat(100_000);
    expect(matchesText(`${'a*'.repeat(20_000)}b`, name)).to.equal(false);
    expect(matchesText(`*${'ab*'.repeat(20_000)}`, name)).to.equal(false);
  });
});
