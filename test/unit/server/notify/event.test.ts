import { expect } from 'chai';

import type { Build } from '../../../../server/comment/state.js';
import { eventOf } from '../../../../server/notify/event.js';

type Given = readonly [
  state: Build['state'],
  images?: readonly string[] | undefined,
  verb?: Build['request']['verb'],
];

/** The event of the last of these builds, which are in the order of their commands. */
function event(...given: readonly Given[]): string | undefined {
  const builds = given.map(([state, images, verb = 'build'], i): Build => ({
    state,
    rows: [],
    request: {
      commentIds: [i + 1],
      by: ['ada'],
      at: '2026-01-02T03:04:05Z',
      verb,
      flags: [],
      commit: 'a'.repeat(40),
      ...(images && { images }),
    },
  }));
  return eventOf([...builds].reverse(), builds.at(-1)!);
}

describe('server/notify/event', () => {
  it('each failure is one, and no other end but success', () => {
    expect(event(['failed'])).to.equal('failed');
    expect(event(['failed'], ['failed'])).to.equal('failed');
    for (const state of ['stopped', 'unknown', 'refused', 'running'] as const)
      expect(event(['failed'], [state]), state).to.equal(undefined);
  });

  it('the first success after a failure is one, and no other', () => {
    expect(event(['succeeded'])).to.equal(undefined);
    expect(event(['failed'], ['succeeded'])).to.equal('recovered');
    expect(event(['failed'], ['failed'], ['stopped'], ['unknown'], ['succeeded'])).to.equal('recovered');
    expect(event(['failed'], ['succeeded'], ['succeeded'])).to.equal(undefined);
    expect(event(['failed'], ['succeeded'], ['failed'], ['succeeded'], ['succeeded'])).to.equal(undefined);
  });

  it('a success of other images is none, and does not hide the one that follows', () => {
    expect(event(['failed'], ['succeeded', ['server']])).to.equal(undefined);
    expect(event(['failed'], ['succeeded', ['server']], ['succeeded'])).to.equal('recovered');
    expect(event(['failed', ['server']], ['succeeded', ['server', 'trainer']])).to.equal('recovered');
    expect(event(['failed', ['server']], ['succeeded'])).to.equal('recovered');
    expect(event(['failed', ['server', 'trainer']], ['succeeded', ['server']])).to.equal(undefined);
  });

  it('compares /run with earlier ones only', () => {
    expect(event(['failed'], ['succeeded', undefined, 'run'])).to.equal(undefined);
    expect(event(['failed', undefined, 'run'], ['succeeded', undefined, 'run'])).to.equal('recovered');
    expect(event(['failed'], ['succeeded', undefined, 'retry'])).to.equal('recovered');
  });
});
