import { expect } from 'chai';

import { NotificationQueue, type Weight } from '../../../../server/reporter/notification-queue.js';

const ANY = (): boolean => true;

function newQueue(): NotificationQueue<string> {
  return new NotificationQueue<string>(() => 1);
}

describe('server/reporter/notification-queue', () => {
  it('gives ends first, then what has been due for longest', () => {
    const queue = newQueue();
    queue.add('a', 'w1', 'progress of a', 'progress', 1);
    queue.add('b', 'w2', 'progress of b', 'progress', 0);
    queue.add('c', 'w3', 'end of c', 'final', 5);
    queue.add('d', 'w4', 'not due', 'final', 11);
    const taken = Array.from({ length: 4 }, () => queue.dequeue(10, ANY)?.key);
    expect(taken).to.deep.equal(['c', 'b', 'a', undefined]);
    expect(queue.next()).to.equal(11);
  });

  it('tells all that is to be told on a pull request at once, and the latest of each', () => {
    const queue = newQueue();
    queue.add('a', 'w1', 'first', 'progress', 0);
    queue.add('a', 'w2', 'other', 'progress', 0);
    queue.add('a', 'w1', 'second', 'final', 0);
    expect(queue.dequeue(0, ANY)).to.deep.equal({
      key: 'a',
      weight: 'final',
      failures: 0,
      subjects: ['second', 'other'],
    });
    expect(queue.size).to.equal(1);
  });

  it('does not give a pull request that is being told', () => {
    const queue = newQueue();
    queue.add('a', 'w', 'x', 'progress', 0);
    queue.dequeue(0, ANY);
    queue.add('a', 'w', 'y', 'final', 0);
    expect(queue.dequeue(0, ANY)).to.equal(undefined);
    expect(queue.next()).to.equal(undefined);
    queue.done('a', 0);
    expect(queue.dequeue(0, ANY)).to.include({ weight: 'final' });
  });

  it('waits 15 s after the last time, but for an end', () => {
    const queue = newQueue();
    queue.add('a', 'w', 'x', 'progress', 0);
    queue.dequeue(0, ANY);
    queue.add('a', 'w', 'during', 'progress', 100);
    queue.done('a', 1_000);
    expect(queue.dequeue(15_999, ANY)).to.equal(undefined);
    expect(queue.dequeue(16_000, ANY)).to.deep.include({ subjects: ['during'] });
    queue.done('a', 16_000);
    queue.add('a', 'w', 'y', 'progress', 17_000);
    expect(queue.next()).to.equal(31_000);
    queue.add('a', 'w', 'end', 'final', 18_000);
    expect(queue.dequeue(18_000, ANY)).to.deep.include({ subjects: ['end'], weight: 'final' });
  });

  it('waits longer after each failure in a row, up to five minutes, and keeps what was to be told', () => {
    const queue = newQueue();
    queue.add('a', 'w', 'x', 'progress', 0);
    const pauses: number[] = [];
    let now = 0;
    for (let n = 0; n < 9; n++) {
      expect(queue.dequeue(now, ANY)).to.deep.include({ failures: n, subjects: ['x'] });
      queue.failed('a', now);
      pauses.push(queue.next()! - now);
      now = queue.next()!;
    }
    expect(pauses).to.deep.equal([5, 10, 20, 40, 80, 160, 300, 300, 300].map((seconds) => seconds * 1000));
    queue.dequeue(now, ANY);
    queue.done('a', now);
    queue.add('a', 'w', 'x', 'final', now);
    expect(queue.dequeue(now, ANY)).to.include({ failures: 0 });
  });

  it('an end that comes after a failure waits as the rest', () => {
    const queue = newQueue();
    queue.add('a', 'w', 'x', 'progress', 0);
    queue.dequeue(0, ANY);
    queue.failed('a', 0);
    queue.add('a', 'w', 'end', 'final', 1);
    expect(queue.dequeue(4_999, ANY)).to.equal(undefined);
    expect(queue.dequeue(5_000, ANY)).to.deep.include({ weight: 'final', subjects: ['end'] });
  });

  it('an end that comes while it fails goes first when it is tried again', () => {
    const queue = newQueue();
    queue.add('a', 'w', 'x', 'progress', 0);
    queue.dequeue(0, ANY);
    queue.add('a', 'w', 'end', 'final', 1);
    queue.failed('a', 2);
    expect(queue.dequeue(5_002, ANY)).to.deep.include({ weight: 'final', subjects: ['end'], failures: 1 });
  });

  it('knows whether an end is due, or being told', () => {
    const queue = newQueue();
    queue.add('a', 'w', 'x', 'final', 10);
    expect(queue.hasFinal(9)).to.equal(false);
    expect(queue.hasFinal(10)).to.equal(true);
    queue.dequeue(10, ANY);
    expect(queue.hasFinal(10)).to.equal(true);
    queue.done('a', 10);
    expect(queue.hasFinal(10)).to.equal(false);
  });

  it('gives only what is wanted', () => {
    const queue = newQueue();
    queue.add('a', 'w', 'x', 'final', 0);
    queue.add('b', 'w', 'y', 'progress', 0);
    expect(queue.dequeue(0, (weight: Weight) => weight === 'progress')).to.include({ key: 'b' });
  });
});
