import { expect } from 'chai';

import { Semaphore } from '../../../common/semaphore.js';

describe('a semaphore', () => {
  it('lets so many through, and the others in the order in which they came', async () => {
    const semaphore = new Semaphore(2);
    const begun: number[] = [];
    const ends: (() => void)[] = [];
    const passing = [0, 1, 2, 3].map((at) =>
      semaphore.pass(async () => {
        begun.push(at);
        await new Promise<void>((resolve) => (ends[at] = resolve));
        if (at === 1) throw new Error('failed');
        return at;
      }),
    );
    const settled = Promise.allSettled(passing);
    expect(begun).to.deep.equal([0, 1]);
    ends[1]?.();
    await passing[1]?.catch(() => undefined);
    expect(begun).to.deep.equal([0, 1, 2]);
    ends[0]?.();
    await passing[0];
    expect(begun).to.deep.equal([0, 1, 2, 3]);
    ends[2]?.();
    ends[3]?.();
    expect((await settled).map(({ status }) => status)).to.deep.equal([
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
    ]);
    expect(await semaphore.pass(() => Promise.resolve('free'))).to.equal('free');
  });
});
