import { expect } from 'chai';

import { NotificationQueue, type Weight } from '../../../../server/reporter/notification-queue.js';

const ANY = (): boolean => true;

function agenda(): NotificationQueue<string> {
  return new NotificationQueue<string>(() => 1);
}

describe('server/reporter/agenda', () => {
  it('gives ends first, then what has been due for longest', () => {
    const one = agenda();
    one.add('a', 'w1', 'progress of a', 'progress', 1);
    one.add('b', 'w2', 'progress of b', 'progress', 0);
    one.add('c', 'w3', 'end of c', 'final', 5);
    one.add('d', 'w4', 'not due', 'final', 11);
    const taken = Array.from({ length: 4 }, () => one.take(10, ANY)?.key);
    expect(taken).to.deep.equal(['c', 'b', 'a', undefined]);
    expect(one.next()).to.equal(11);
  });

  it('tells all that is to be told on a pull request at once, and the latest of each', () => {
    const one = agenda();
    one.add('a', 'w1', 'first', 'progress', 0);
    one.add('a', 'w2', 'other', 'progress', 0);
    one.add('a', 'w1', 'second', 'final', 0);
    expect(one.take(0, ANY)).to.deep.equal({
      key: 'a',
      weight: 'final',
      failures: 0,
      subjects: ['second', 'other'],
    });
    expect(one.size).to.equal(1);
  });

  it('does not give a pull request that is being told', () => {
    const one = agenda();
    one.add('a', 'w', 'x', 'progress', 0);
    one.take(0, ANY);
    one.add('a', 'w', 'y', 'final', 0);
    expect(one.take(0, ANY)).to.equal(undefined);
    expect(one.next()).to.equal(undefined);
    one.done('a', 0);
    expect(one.take(0, ANY)).to.include({ weight: 'final' });
  });

  it('waits 15 s after the last time, but for an end', () => {
    const one = agenda();
    one.add('a', 'w', 'x', 'progress', 0);
    one.take(0, ANY);
    one.add('a', 'w', 'during', 'progress', 100);
    one.done('a', 1_000);
    expect(one.take(15_999, ANY)).to.equal(undefined);
    expect(one.take(16_000, ANY)).to.deep.include({ subjects: ['during'] });
    one.done('a', 16_000);
    one.add('a', 'w', 'y', 'progress', 17_000);
    expect(one.next()).to.equal(31_000);
    one.add('a', 'w', 'end', 'final', 18_000);
    expect(one.take(18_000, ANY)).to.deep.include({ subjects: ['end'], weight: 'final' });
  });

  it('waits longer after each failure in a row, up to five minutes, and keeps what was to be told', () => {
    const one = agenda();
    one.add('a', 'w', 'x', 'progress', 0);
    const pauses: number[] = [];
    let now = 0;
    for (let n = 0; n < 9; n++) {
      expect(one.take(now, ANY)).to.deep.include({ failures: n, subjects: ['x'] });
      one.failed('a', now);
      pauses.push(one.next()! - now);
      now = one.next()!;
    }
    expect(pauses).to.deep.equal([5, 10, 20, 40, 80, 160, 300, 300, 300].map((seconds) => seconds * 1000));
    one.take(now, ANY);
    one.done('a', now);
    one.add('a', 'w', 'x', 'final', now);
    expect(one.take(now, ANY)).to.include({ failures: 0 });
  });

  it('an end that comes after a failure waits as the rest', () => {
    const one = agenda();
    one.add('a', 'w', 'x', 'progress', 0);
    one.take(0, ANY);
    one.failed('a', 0);
    one.add('a', 'w', 'end', 'final', 1);
    expect(one.take(4_999, ANY)).to.equal(undefined);
    expect(one.take(5_000, ANY)).to.deep.include({ weight: 'final', subjects: ['end'] });
  });

  it('an end that comes while it fails goes first when it is tried again', () => {
    const one = agenda();
    one.add('a', 'w', 'x', 'progress', 0);
    one.take(0, ANY);
    one.add('a', 'w', 'end', 'final', 1);
    one.failed('a', 2);
    expect(one.take(5_002, ANY)).to.deep.include({ weight: 'final', subjects: ['end'], failures: 1 });
  });

  it('knows whether an end is due, or being told', () => {
    const one = agenda();
    one.add('a', 'w', 'x', 'final', 10);
    expect(one.hasFinal(9)).to.equal(false);
    expect(one.hasFinal(10)).to.equal(true);
    one.take(10, ANY);
    expect(one.hasFinal(10)).to.equal(true);
    one.done('a', 10);
    expect(one.hasFinal(10)).to.equal(false);
  });

  it('gives only what is wanted', () => {
    const one = agenda();
    one.add('a', 'w', 'x', 'final', 0);
    one.add('b', 'w', 'y', 'progress', 0);
    expect(one.take(0, (weight: Weight) => weight === 'progress')).to.include({ key: 'b' });
  });
});
