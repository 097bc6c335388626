import { expect } from 'chai';

import type { Check } from '../../../argo/doctor/doctor.js';
import { checkText } from '../../../cli/output/check-text.js';
import { styleOf } from '../../../templates/style.js';

describe('cli/output/check-text', () => {
  const check: Check = {
    name: 'ServiceAccount kfops-build',
    state: 'problem',
    found: 'not there, which every build of this namespace needs',
    nextStep:
      'make it, once, with these:\nkubectl -n kfops create role kfops-build --verb=create,patch \\\n  --resource=workflowtaskresults.argoproj.io',
  };
  const lines = (columns: number): string[] =>
    checkText(check, { style: styleOf(false), columns }).split('\n');

  it('keeps to the width of the terminal, and its commands can still be copied', () => {
    expect(lines(60)).to.deep.equal([
      '✗ ServiceAccount kfops-build  not there, which every build',
      '  of this namespace needs',
      '  → make it, once, with these:',
      '      kubectl -n kfops create role kfops-build \\',
      '      --verb=create,patch \\',
      '        --resource=workflowtaskresults.argoproj.io',
    ]);
  });

  it('breaks nothing where there is no terminal', () => {
    expect(lines(Infinity)).to.have.length(4);
  });

  it('shows what another program said on lines of its own', () => {
    const check: Check = { name: 'Cluster', state: 'problem', found: 'it failed:\n  login: no session' };
    expect(checkText(check, { style: styleOf(false), columns: Infinity })).to.equal(
      '✗ Cluster  it failed:\n    login: no session',
    );
  });
});
