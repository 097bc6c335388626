import { expect } from 'chai';

import { isShared, parseComment, VERBS, verbOf } from '../../../../server/commands/verb-table.js';

describe('a command that several people ask for', () => {
  for (const [written, shared] of [
    ['/build', true],
    ['/build_run --no-cache', true],
    ['/build --force', false],
    ['/build_run --force', false],
    ['/run', false],
    ['/retry', false],
    ['/plan', true],
    ['/cancel', true],
  ] as const) {
    it(`${written} is ${shared ? 'done once for all' : 'done for each'}`, () => {
      const { command } = parseComment(written);
      expect(command && isShared(command)).to.equal(shared);
    });
  }
});

describe('the table of verbs', () => {
  it('finds each verb by its name', () => {
    for (const verb of VERBS) expect(verbOf({ verb: verb.name })).to.equal(verb);
    expect(() => verbOf({ verb: 'constructor' })).to.throw('unknown verb');
  });
});
