import { expect } from 'chai';

import { BudgetError, StepBudget } from '../../../../generator/contexts/glob.js';
import { linksOutside } from '../../../../generator/contexts/links.js';
import type { PlacedEntry } from '../../../../generator/contexts/places.js';

/** What is wrong with each of these links; by its path. */
function problems(targets: Readonly<Record<string, string>>, budget = 10_000): Record<string, string> {
  const links = Object.keys(targets).map((path): PlacedEntry => ({
    path,
    source: { path: `src/${path}`, mode: '120000', size: 1 },
    field: ['dockerfile_folder_path'],
  }));
  const found = linksOutside(links, new Map(Object.entries(targets)), new StepBudget(budget));
  return Object.fromEntries([...found].map(([{ path }, { message }]) => [path, message]));
}

describe('symbolic links of a context', () => {
  const inside: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
    ['to a file that is there or not', { a: 'b', 'c/d': 'e/f', g: './/h/.' }],
    ['up, and not out', { 'a/b': '../c', 'a/d/e': '../../f/g' }],
    ['to the context itself', { 'a/b': '..', c: '.' }],
    ['through another link', { s: 'a/b', t: 's/c', u: 's/../d' }],
    ['40 after another', Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`l${i}`, `l${i + 1}`]))],
  ];
  for (const [what, targets] of inside) {
    it(`may lead ${what}`, () => {
      expect(problems(targets)).to.deep.equal({});
    });
  }

  it('may not lead out of it, also not through another link', () => {
    const found = problems({
      a: '..',
      'b/c': '../../x',
      's/a': '..',
      t: 's/a/../etc',
      u: 'b/../..',
      v: '../context',
    });
    expect(Object.keys(found)).to.deep.equal(['a', 'b/c', 't', 'u', 'v']);
    for (const message of Object.values(found)) expect(message).to.match(/` -> "[^"]+" leaves the context$/);
    expect(found.a).to.include('`src/a`');
  });

  it('are followed past dots and doubled slashes, which are no folders', () => {
    const found = problems({ 'd/s': '..', a: 'd/./s/../x', b: 'd//s/../x' });
    expect(Object.keys(found)).to.deep.equal(['a', 'b']);
  });

  it('may not be absolute, nor may what they lead through', () => {
    const found = problems({ a: '/etc/passwd', b: 'a/x' });
    expect(Object.keys(found)).to.deep.equal(['a', 'b']);
    for (const message of Object.values(found)) expect(message).to.match(/its target is absolute$/);
  });

  it('may not lead in a circle', () => {
    const found = problems({ a: 'b', b: 'a', c: 'c/d', d: 'ok' });
    expect(Object.keys(found)).to.deep.equal(['a', 'b', 'c']);
    for (const message of Object.values(found)) expect(message).to.match(/in a circle$/);
  });

  it('may not lead through more than 40', () => {
    const chain = Array.from({ length: 41 }, (_, i) => [`l${i}`, `l${i + 1}`] as const);
    const found = problems(Object.fromEntries(chain));
    expect(found.l0).to.include('too many further links');
  });

  it('are followed within a budget, longer paths for more', () => {
    expect(() => problems({ a: 'b/c/d' }, 2)).to.throw(BudgetError);
    expect(problems({ a: 'b/c/d' }, 3)).to.deep.equal({});
    expect(() => problems({ a: 'x'.repeat(64) }, 4)).to.throw(BudgetError);
    expect(problems({ a: 'x'.repeat(64) }, 5)).to.deep.equal({});
  });

  it('are followed once each, however many lead through one', () => {
    const many = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`m${i}`, 'l/x']));
    expect(problems({ l: 'a/b/c/d', ...many }, 4 + 30 * 2)).to.deep.equal({});
  });

  it('show a long target shortened', () => {
    expect(problems({ a: `../${'x'.repeat(97)}` }).a).to.include(`"../${'x'.repeat(97)}"`);
    expect(problems({ a: `../${'x'.repeat(98)}` }).a).to.include(`"../${'x'.repeat(97)}…"`);
  });
});
