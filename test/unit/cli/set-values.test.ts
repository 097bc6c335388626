import { expect } from 'chai';

import { separateSetValues } from '../../../cli/set-values.js';

const separated = (line: string, there: readonly string[] = []): string =>
  separateSetValues(line.split(' '), (word) => there.includes(word)).join(' ');

describe('several values after one --set', () => {
  const cases: Readonly<Record<string, string>> = {
    'run --set a=1 b.c=2 d=x': 'run --set a=1 --set b.c=2 --set d=x',
    'run --set=a=1 b=2': 'run --set=a=1 --set b=2',
    'build --set a=1 trainer b=2': 'build --set a=1 trainer b=2',
    'build --set a=1 . trainer': 'build --set a=1 . trainer',
    'run --set a=1 --wait b=2': 'run --set a=1 --wait b=2',
    'run --set a=1 b=2 -n kfops': 'run --set a=1 --set b=2 -n kfops',
    'run --set a=1 dir/b=2': 'run --set a=1 dir/b=2',
    'run a=1 --set b=2': 'run a=1 --set b=2',
    'run --set a=1 -- b=2': 'run --set a=1 -- b=2',
    'run --set': 'run --set',
  };
  for (const [line, result] of Object.entries(cases)) {
    it(line, () => {
      expect(separated(line)).to.equal(result);
    });
  }

  it('leaves the name of a folder', () => {
    expect(separated('run --set a=1 b=2', ['b=2'])).to.equal('run --set a=1 b=2');
  });
});
