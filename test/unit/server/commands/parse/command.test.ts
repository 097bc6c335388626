import { expect } from 'chai';

import { isShared } from '../../../../../server/commands/parse/command.js';
import { parseCommands } from '../../../../../server/commands/parse/parse.js';

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
      const { command } = parseCommands(written);
      expect(command && isShared(command)).to.equal(shared);
    });
  }
});
