import { expect } from 'chai';

import { Lane } from '../../../../server/notify/lane.js';
import type { PostOutcome } from '../../../../server/notify/post.js';
import { FakeClock } from '../../../fixtures/fake-clock.js';

const NEVER = new AbortController().signal;
const RETRY: PostOutcome = { kind: 'retry', problem: 'it answered 500' };

describe('server/notify/lane', () => {
  let clock: FakeClock;
  let lane: Lane;
  beforeEach(() => {
    clock = new FakeClock(0);
    lane = new Lane(clock, NEVER);
  });

  /** A delivery with these outcomes, the last one again and again; and when it was attempted. */
  function delivery(outcomes: PostOutcome[], signal = NEVER) {
    const at: number[] = [];
    const result = lane.deliver(() => {
      at.push(clock.now());
      return Promise.resolve(outcomes[Math.min(at.length, outcomes.length) - 1]!);
    }, signal);
    return { at, result };
  }

  it('delivers at most one a second', async () => {
    const all = [1, 2, 3].map(() => delivery([{ kind: 'sent' }]));
    expect(await clock.until(Promise.all(all.map(({ result }) => result)))).to.deep.equal([
      'sent',
      'sent',
      'sent',
    ]);
    expect(all.map(({ at }) => at)).to.deep.equal([[0], [1_000], [2_000]]);
  });

  it('does not retry what is refused', async () => {
    const { at, result } = delivery([{ kind: 'refused', problem: 'it answered 404' }]);
    expect(await result).to.equal('refused');
    expect(at).to.have.length(1);
  });

  it('retries with growing pauses, and waits as long as the receiver asks', async () => {
    const { at, result } = delivery([RETRY, RETRY, { ...RETRY, afterMs: 120_000 }, { kind: 'sent' }]);
    expect(await clock.until(result)).to.equal('sent');
    const pauses = at.slice(1).map((time, i) => time - at[i]!);
    expect(pauses[0]).to.be.within(2_500, 5_000);
    expect(pauses[1]).to.be.within(5_000, 10_000);
    expect(pauses[2]).to.be.closeTo(120_000, 1);
  });

  it('waits for no Retry-After of more than 15 minutes', async () => {
    const { at, result } = delivery([{ ...RETRY, afterMs: 1e9 }, { kind: 'sent' }]);
    await clock.until(result);
    expect(at[1]).to.equal(15 * 60_000);
  });

  it('a receiver that is down gets one request per pause, however many wait, and each is given up after an hour', async () => {
    const all = Array.from({ length: 50 }, () => delivery([RETRY]));
    const results = await clock.until(Promise.all(all.map(({ result }) => result)));
    expect(new Set(results)).to.deep.equal(new Set(['expired']));
    const times = all.flatMap(({ at }) => at).sort((a, b) => a - b);
    const gaps = times.slice(1).map((time, i) => time - times[i]!);
    expect(Math.min(...gaps)).to.be.at.least(2_500);
    expect(times.at(-1)).to.be.at.least(60 * 60_000);
  });

  it('does not let one delivery that always fails block the others', async () => {
    const poison = delivery([RETRY]);
    const other = delivery([{ kind: 'sent' }]);
    expect(await clock.until(other.result)).to.equal('sent');
    expect(await clock.until(poison.result)).to.equal('expired');
  });

  it('attempts nothing that was aborted, and goes on with the others', async () => {
    const stop = new AbortController();
    const first = delivery([{ kind: 'sent' }]);
    const aborted = delivery([{ kind: 'sent' }], stop.signal);
    const last = delivery([{ kind: 'sent' }]);
    stop.abort(new Error('gone'));
    expect(await aborted.result.catch((error: unknown) => error)).to.have.property('message', 'gone');
    await clock.until(Promise.all([first.result, last.result]));
    expect(aborted.at).to.deep.equal([]);
    expect(last.at).to.have.length(1);
  });
});
