import { expect } from 'chai';
import fc from 'fast-check';

import { GitHubError } from '../../../../server/github/errors.js';
import { Pacer, type Write } from '../../../../server/github/pace.js';
import { GitHubUsage } from '../../../../server/github/usage.js';
import type { Urgency } from '../../../../server/ports.js';
import { FakeClock } from '../../../fixtures/fake-clock.js';
import { failure } from './setup.js';

const URGENCIES: readonly Urgency[] = ['record', 'final', 'reply', 'progress', 'reaction'];

function pacing({ perMinute = 80, perHour = 500 }: { perMinute?: number; perHour?: number } = {}) {
  const clock = new FakeClock();
  const usage = new GitHubUsage(clock);
  const pacer = new Pacer({ perMinute, perHour, usage, clock, random: () => 1 });
  const done: { readonly name: string; readonly at: number }[] = [];
  const start = clock.now();
  const write = (name: string, urgency: Urgency, more: Partial<Write<string>> = {}): Promise<string> =>
    pacer.write({
      urgency,
      lane: '',
      run: () => {
        done.push({ name, at: clock.now() - start });
        return Promise.resolve(name);
      },
      ...more,
    });
  return { clock, usage, holds: usage.holds, pacer, done, write, names: () => done.map(({ name }) => name) };
}

function trouble(status: number, kind: 'limited' | 'unavailable' | 'refused', waitMs?: number): GitHubError {
  return new GitHubError('http://github', 'no', 'wait', { status, trouble: kind, waitMs });
}

describe('pace of writes', () => {
  it('counts what went out before with other settings', async () => {
    const { clock, usage, write, pacer } = pacing({ perMinute: 2 });
    await clock.until(Promise.all([write('a', 'final'), write('b', 'final')]));
    pacer.close(new Error('other settings'));
    const next = new Pacer({ perMinute: 2, perHour: 500, usage, clock, random: () => 1 });
    const before = clock.now();
    await clock.until(next.write({ urgency: 'final', lane: '', run: () => Promise.resolve('c') }));
    expect(clock.now() - before).to.equal(60_000);
  });

  it('lets no more go than the limits of any minute and any hour', async function () {
    this.timeout(120_000);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom(...URGENCIES), fc.integer({ min: 0, max: 30_000 })), {
          minLength: 30,
          maxLength: 120,
        }),
        async (asked) => {
          const { clock, write, done } = pacing({ perMinute: 8, perHour: 50 });
          const all = asked.map(
            ([urgency, delay], index) =>
              new Promise<void>((resolve) => {
                void clock
                  .wait(delay)
                  .then(() => write(String(index), urgency))
                  .then(() => {
                    resolve();
                  });
              }),
          );
          await clock.until(Promise.all(all));
          const times = done.map(({ at }) => at);
          expect(times).to.have.length(asked.length);
          for (const [index, at] of times.entries()) {
            expect(times[index + 8] ?? Infinity).to.be.at.least(at + 60_000);
            expect(times[index + 50] ?? Infinity).to.be.at.least(at + 3_600_000);
          }
        },
      ),
      { numRuns: 20 },
    );
  });

  it('lets the most urgent go first, and those of one urgency in the order of asking', async () => {
    const { clock, write, names } = pacing({ perMinute: 4 });
    const first = ['a', 'b', 'c', 'd'].map((name) => write(name, 'record'));
    const rest = [
      write('reaction', 'reaction'),
      write('progress 1', 'progress'),
      write('reply', 'reply'),
      write('progress 2', 'progress'),
      write('final', 'final'),
      write('record', 'record'),
    ];
    await clock.until(Promise.all([...first, ...rest]));
    expect(names().slice(4)).to.eql(['record', 'final', 'reply', 'progress 1', 'progress 2', 'reaction']);
  });

  it('keeps room for what matters while progress floods it', async () => {
    const { clock, write, done } = pacing({ perMinute: 10 });
    const flood = Array.from({ length: 40 }, (_, index) => write(`progress ${index}`, 'progress'));
    await clock.until(flood[7]!);
    await clock.until(write('final', 'final'));
    expect(done.at(-1)).to.eql({ name: 'final', at: 0 });
    await clock.until(Promise.all(flood));
  });

  it('replaces a write of the same key that waits, and gives both who asked the last result', async () => {
    const { clock, write, names } = pacing({ perMinute: 1 });
    const before = write('before', 'record');
    const edits = [
      write('edit 1', 'progress', { key: 'comment 1' }),
      write('other', 'progress', { key: 'comment 2' }),
      write('edit 2', 'final', { key: 'comment 1' }),
      write('edit 3', 'progress', { key: 'comment 1' }),
    ];
    await clock.until(before);
    expect(await clock.until(Promise.all(edits))).to.eql(['edit 3', 'other', 'edit 3', 'edit 3']);
    expect(names()).to.eql(['before', 'edit 3', 'other']);
  });

  it('does not let a write that failed come after one of the same key that was asked for later', async () => {
    const { clock, write, names } = pacing();
    let fail: (error: Error) => void = () => undefined;
    const old = write('', 'final', {
      key: 'comment',
      run: () =>
        new Promise((_, reject) => {
          fail = reject;
        }),
    });
    const later = write('later', 'progress', { key: 'comment' });
    fail(trouble(502, 'unavailable'));
    expect(await clock.until(Promise.all([old, later]))).to.eql(['later', 'later']);
    expect(names()).to.eql(['later']);
  });

  it('lets others pass while one waits for its next attempt', async () => {
    const { clock, write, names } = pacing();
    let attempts = 0;
    const seen: boolean[] = [];
    const broken = write('broken', 'record', {
      run: (mayBeDone) => {
        seen.push(mayBeDone);
        return ++attempts < 3 ? Promise.reject(trouble(0, 'unavailable')) : Promise.resolve('done');
      },
    });
    await clock.until(write('other', 'reaction'));
    expect(await clock.until(broken)).to.equal('done');
    expect(names()).to.eql(['other']);
    expect(seen).to.eql([false, true, true]);
  });

  it('fault 9: nothing of the same quota goes out until GitHub wants it, and others go on', async () => {
    const { clock, write, done } = pacing();
    let attempts = 0;
    const start = clock.now();
    const limited = write('', 'record', {
      lane: 'a',
      run: () => (++attempts === 1 ? Promise.reject(trouble(429, 'limited', 3000)) : Promise.resolve('done')),
    });
    await new Promise((resolve) => setImmediate(resolve));
    const same = write('same', 'record', { lane: 'a' });
    await clock.until(write('other', 'reaction', { lane: 'b' }));
    await clock.until(Promise.all([limited, same]));
    expect(done).to.eql([
      { name: 'other', at: 0 },
      { name: 'same', at: 3000 },
    ]);
    expect(clock.now() - start).to.equal(3000);
  });

  it('fault 15: waits for an hour’s limit, longer each time where GitHub does not say how long', async () => {
    const { clock, write } = pacing();
    const start = clock.now();
    const times: number[] = [];
    const answers = [trouble(403, 'limited', 3_500_000), trouble(403, 'limited'), trouble(403, 'limited')];
    await clock.until(
      write('', 'final', {
        run: () => {
          times.push(clock.now() - start);
          const error = answers.shift();
          return error ? Promise.reject(error) : Promise.resolve('done');
        },
      }),
    );
    expect(times).to.eql([0, 3_500_000, 3_620_000, 3_860_000]);
  });

  it('gives up after some minutes without an answer', async () => {
    const { clock, write } = pacing();
    let attempts = 0;
    const error = await clock.until(
      failure(
        write('', 'final', {
          run: () => {
            attempts++;
            return Promise.reject(trouble(0, 'unavailable'));
          },
        }),
      ),
    );
    expect(error).to.be.instanceOf(GitHubError);
    expect(attempts).to.equal(9);
  });

  it('fault 11: does not repeat what was refused, nor an error that is not GitHub’s', async () => {
    const { clock, write } = pacing();
    for (const error of [trouble(403, 'refused'), trouble(422, 'refused'), new Error('ours')]) {
      let attempts = 0;
      const run = (): Promise<string> => {
        attempts++;
        return Promise.reject(error);
      };
      expect(await clock.until(failure(write('', 'final', { run })))).to.equal(error);
      expect(attempts).to.equal(1);
    }
  });

  it('once closed, fails what waits and what comes', async () => {
    const { clock, write, pacer } = pacing({ perMinute: 1 });
    await clock.until(write('first', 'record'));
    const waiting = failure(write('second', 'record'));
    expect(pacer.waiting).to.equal(1);
    pacer.close(new Error('stopping'));
    expect((await waiting).message).to.equal('stopping');
    expect((await failure(write('third', 'record'))).message).to.equal('stopping');
  });
});
