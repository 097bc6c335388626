import { expect } from 'chai';
import fc from 'fast-check';

import { generateNamePrefix, repositoryLabel } from '../../../../generator/workflow/names.js';

/** GitHub's own rules: 39 characters of an owner, 100 of a repository. */
const owner = fc.stringMatching(/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,37}[A-Za-z0-9])?$/);
const name = fc.stringMatching(/^[A-Za-z0-9._-]{1,100}$/);

describe('names of a Workflow', () => {
  it('are valid whatever the repository is called', () => {
    fc.assert(
      fc.property(owner, name, (o, n) => {
        expect(repositoryLabel({ owner: o, name: n })).to.match(
          /^[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/,
        );
        expect(`${generateNamePrefix(n)}abcde`).to.match(/^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/);
      }),
    );
  });

  it('tell long repositories apart', () => {
    const long = 'x'.repeat(90);
    expect(repositoryLabel({ owner: 'o', name: `${long}1` })).not.to.equal(
      repositoryLabel({ owner: 'o', name: `${long}2` }),
    );
    expect(repositoryLabel({ owner: 'acme', name: 'churn' })).to.equal('acme.churn');
  });
});
