import { expect } from 'chai';
import fc from 'fast-check';

import { isTriggerId, triggerId } from '../../../../server/comment/trigger-id.js';

const COMMIT = fc.stringMatching(/^[0-9a-f]{40}$/);

describe('server/comment/trigger-id', () => {
  it('is a safe integer that no comment has', () => {
    fc.assert(
      fc.property(COMMIT, fc.nat(), (commit, time) => {
        const id = triggerId('build', commit, time);
        expect(Number.isSafeInteger(id)).to.equal(true);
        expect(isTriggerId(id)).to.equal(true);
      }),
    );
    expect(isTriggerId(1)).to.equal(false);
  });

  it('is the same for the same verb, commit and time only', () => {
    const [a, b] = ['a'.repeat(40), 'b'.repeat(40)];
    expect(triggerId('build', a, 0)).to.equal(triggerId('build', a, 0));
    const ids = [
      triggerId('build', a, 0),
      triggerId('build', a, 1),
      triggerId('build', b, 0),
      triggerId('plan', a, 0),
    ];
    expect(new Set(ids).size).to.equal(4);
  });
});
