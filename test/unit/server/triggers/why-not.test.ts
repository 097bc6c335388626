import { expect } from 'chai';

import { HOLD_LABEL } from '../../../../server/ports.js';
import { isSkipped, whyNoStart } from '../../../../server/triggers/why-not.js';
import { FORK, HEAD, pullRequest } from '../facts.js';

describe('server/triggers/why-not', () => {
  it('an open pull request of the repository may start something', () => {
    expect(whyNoStart(pullRequest(), HEAD)).to.equal(undefined);
    expect(whyNoStart(pullRequest({ labels: ['hold', 'kfops'] }), HEAD)).to.equal(undefined);
  });

  const { head } = pullRequest();
  const CASES: Readonly<Record<string, Parameters<typeof whyNoStart>[0]>> = {
    'there is no such pull request': undefined,
    'the pull request is closed': pullRequest({ open: false }),
    'the pull request comes from a fork': pullRequest({ head: { ...head, repository: FORK } }),
    'the branch has moved on since': pullRequest({ head: { ...head, commit: 'c'.repeat(40) } }),
    'the pull request is a draft': pullRequest({ draft: true }),
    'it has the label kfops/hold': pullRequest({ labels: ['bug', HOLD_LABEL] }),
  };
  for (const [why, given] of Object.entries(CASES))
    it(why, () => {
      expect(whyNoStart(given, HEAD)).to.equal(why);
    });

  it('a fork that was deleted is a fork', () => {
    const gone = pullRequest({ head: { ...head, repository: undefined } });
    expect(whyNoStart(gone, HEAD)).to.equal('the pull request comes from a fork');
  });

  it('a message skips its commit in upper and lower case, and nothing else does', () => {
    for (const message of ['[skip kfops]', 'Docs\n\n[Skip Kfops] please'])
      expect(isSkipped(message)).to.equal(true);
    for (const message of ['', 'skip kfops', '[skip ci]', '[skipkfops]'])
      expect(isSkipped(message), message).to.equal(false);
  });
});
