import { expect } from 'chai';

import type { ScheduleEntry } from '../../../../generator/plan/plan-types.js';
import { compareSchedules } from '../../../../pipeline/schedules/compare-schedules.js';
import { entryHash, type ExistingSchedule } from '../../../../pipeline/schedules/schedule.js';

const NIGHTLY: ScheduleEntry = {
  name: 'nightly',
  cron: '0 0 3 * * *',
  enabled: true,
  arguments: { rows: 5 },
  set: [],
};

function existing(id: string, entry: ScheduleEntry, more: Partial<ExistingSchedule> = {}): ExistingSchedule {
  const { name, cron, enabled } = entry;
  return { id, name, cron, enabled, entry: entryHash(entry), fingerprint: 'f', versionId: 'v1', ...more };
}

describe('compareSchedules', () => {
  it('finds the same, whatever version it runs, what is missing, and what is extra', () => {
    const [weekly, old] = [
      { ...NIGHTLY, name: 'weekly' },
      { ...NIGHTLY, name: 'old' },
    ];
    const [a, b] = [existing('a', NIGHTLY, { versionId: 'v9' }), existing('b', old)];
    expect(compareSchedules([NIGHTLY, weekly], [b, a])).to.deep.equal([
      { state: 'same', name: 'nightly', entry: NIGHTLY, existing: a, differences: [] },
      { state: 'missing', name: 'weekly', entry: weekly },
      { state: 'extra', name: 'old', existing: b },
    ]);
  });

  for (const [what, there, differences] of [
    ['another time', existing('a', { ...NIGHTLY, cron: '0 0 4 * * *' }), ['time']],
    ['another state', existing('a', NIGHTLY, { enabled: false }), ['state']],
    ['other arguments', existing('a', { ...NIGHTLY, arguments: { rows: 6 } }), ['arguments']],
    ['another time and state', existing('a', NIGHTLY, { cron: '', enabled: false }), ['time', 'state']],
  ] as const)
    it(`says that it has ${what}`, () => {
      const [compared, ...others] = compareSchedules([NIGHTLY], [there]);
      expect(others).to.deep.equal([]);
      expect(compared).to.deep.include({ state: 'differs', existing: there, differences });
    });

  it('takes the one that fits best where there are several, and calls the others extra', () => {
    const wrong = existing('a', NIGHTLY, { enabled: false });
    const right = existing('b', NIGHTLY);
    expect(compareSchedules([NIGHTLY], [wrong, right]).map(({ state }) => state)).to.deep.equal([
      'same',
      'extra',
    ]);
  });
});
