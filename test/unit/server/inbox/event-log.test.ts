import { expect } from 'chai';

import { logOf } from '../../../../server/inbox/event-log.js';
import type { InboxEvent } from '../../../../server/ports.js';
import { createLog } from '../../../../server/telemetry/log.js';
import { REPOSITORY } from '../facts.js';

const PULL = { repository: REPOSITORY, number: 17 };
const NAMED = { repository: `${REPOSITORY.owner}/${REPOSITORY.name}` };

describe('server/inbox/event-log', () => {
  for (const [what, event, expected] of [
    [
      'a comment',
      { kind: 'comment', placed: { pullRequest: PULL, comment: { id: 9 } } },
      { pullRequest: 17, comment: 9 },
    ],
    ['a pull request', { kind: 'closed', pullRequest: PULL }, { pullRequest: 17 }],
    [
      'a push',
      { kind: 'push', origin: { repository: REPOSITORY, ref: { kind: 'tag', name: 'v1' } } },
      { ref: 'refs/tags/v1' },
    ],
  ] as const) {
    it(`names ${what} in each line`, () => {
      const lines: string[] = [];
      const log = createLog({ level: 'info', to: { write: (line: string) => lines.push(line) > 0 } });
      logOf(event as unknown as InboxEvent, log).info({ outcome: 'answered' }, 'command');
      const { level, time, msg, outcome, ...names } = JSON.parse(lines[0]!) as Record<string, unknown>;
      expect([level, typeof time, msg, outcome]).to.deep.equal(['info', 'string', 'command', 'answered']);
      expect(names).to.deep.equal({ ...NAMED, ...expected });
    });
  }
});
