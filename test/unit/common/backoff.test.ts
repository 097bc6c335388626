import { expect } from 'chai';

import { backoffMs, jitter } from '../../../common/backoff.js';

describe('backoff', () => {
  const backoff = { firstMs: 500, longestMs: 3_000 };

  it('doubles with each failure, up to the longest', () => {
    expect([1, 2, 3, 4, 5, 2_000].map((failures) => backoffMs(backoff, failures))).to.deep.equal([
      500, 1_000, 2_000, 3_000, 3_000, 3_000,
    ]);
  });

  it('is at least a half and at most the whole after jitter', () => {
    expect(jitter(1_000, () => 0)).to.equal(500);
    expect(jitter(1_000, () => 0.5)).to.equal(750);
    expect(jitter(1_000, () => 1)).to.equal(1_000);
  });
});
