import { expect } from 'chai';

import { didYouMean } from '../../../common/did-you-mean.js';

describe('the hint for unknown names', () => {
  it('is the nearest name', () => {
    expect(didYouMean(['trianer'], ['serving', 'trainer'], 'images')).to.equal('Did you mean `trainer`?');
  });

  it('has a name for each unknown one that is near to one', () => {
    const names = ['serving', 'trainer'];
    expect(didYouMean(['trianer', 'servng'], names, 'images')).to.equal(
      'Did you mean `trainer` for `trianer` and `serving` for `servng`?',
    );
    expect(didYouMean(['xyz', 'servng'], names, 'images')).to.equal('Did you mean `serving` for `servng`?');
  });

  it('lists the names if none is near, the first 20 of many', () => {
    expect(didYouMean(['xyz'], ['serving', 'trainer'], 'images')).to.equal(
      'The images are `serving` and `trainer`.',
    );
    const many = Array.from({ length: 23 }, (_, at) => `image-number-${at}`);
    expect(didYouMean(['xyz'], many, 'images'))
      .to.include('`image-number-19` and 3 more.')
      .and.not.to.include('image-number-20');
    expect(didYouMean(['xyz'], [], 'images')).to.equal('There are no images.');
  });
});
