import { expect } from 'chai';

import { durationSeconds, formatDuration } from '../../../common/duration.js';

describe('durations', () => {
  it('are read as seconds', () => {
    expect(['90', '90s', '30m', '2h', '7d'].map(durationSeconds)).to.deep.equal([90, 90, 1800, 7200, 604800]);
  });

  it('are written for people', () => {
    expect([0, 59_400, 60_000, 3_599_000, 3_600_000, 7_380_000, -5].map(formatDuration)).to.deep.equal([
      '0s',
      '59s',
      '1m 00s',
      '59m 59s',
      '1h 00m',
      '2h 03m',
      '0s',
    ]);
  });
});
