import { expect } from 'chai';
import * as fc from 'fast-check';

import { isOneSlip, isSwap, nearest, suggest } from '../../../common/suggest.js';

describe('a suggestion for a name', () => {
  const known = ['name', 'dockerfile', 'dockerfile_folder_path', 'other_folders_path', 'build_args'];
  const words: [string, string | undefined][] = [
    ['nmae', 'name'],
    ['Name', 'name'],
    ['dockerfileFolderPath', 'dockerfile_folder_path'],
    ['folders_path', 'other_folders_path'],
    ['buildargs', 'build_args'],
    ['command', undefined],
    ['x', undefined],
  ];
  for (const [word, candidate] of words) {
    it(`${word}: ${String(candidate)}`, () => {
      expect(suggest(word, known)).to.equal(candidate);
    });
  }
});

describe('the nearest text', () => {
  const known = ['images/trainer', 'images/server', 'libs/common'];
  const words: [string, string | undefined][] = [
    ['images/trainr', 'images/trainer'],
    ['Images/Server', 'images/server'],
    ['images/rtainer', 'images/trainer'],
    ['common', undefined],
    ['x', undefined],
    ['x'.repeat(201), undefined],
  ];
  for (const [word, candidate] of words) {
    it(`${word.slice(0, 20)}: ${String(candidate)}`, () => {
      expect(nearest(word, known)).to.equal(candidate);
    });
  }

  it('is the first of those equally near', () => {
    expect(nearest('abcx', ['abcy', 'abcz'])).to.equal('abcy');
  });

  it('asks before each comparison', () => {
    const spent: number[] = [];
    nearest('abcd', ['abce', 'much longer'], (steps) => spent.push(steps));
    expect(spent).to.deep.equal([1, 16, 1]);
  });
});

describe('one slip', () => {
  const slips: [string, string][] = [
    ['build', 'biuld'],
    ['build', 'buil'],
    ['build', 'buildd'],
    ['build', 'guild'],
  ];
  for (const [a, b] of slips) {
    it(`is between ${a} and ${b}`, () => {
      expect(isOneSlip(a, b)).to.equal(true);
      expect(isOneSlip(b, a)).to.equal(true);
    });
  }

  it('is not between equal words, or after two changes', () => {
    expect(isOneSlip('build', 'build')).to.equal(false);
    expect(isOneSlip('build', 'guilt')).to.equal(false);
    expect(isOneSlip('ab', 'abcd')).to.equal(false);
  });

  it('includes every swap of two neighbours', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 2 }), fc.nat(), (text, at) => {
        const i = at % (text.length - 1);
        const swapped = text.slice(0, i) + (text[i + 1] ?? '') + (text[i] ?? '') + text.slice(i + 2);
        fc.pre(swapped !== text);
        expect(isSwap(text, swapped)).to.equal(true);
        expect(isOneSlip(text, swapped)).to.equal(true);
      }),
    );
  });
});
