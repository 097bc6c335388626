import { expect } from 'chai';

import { imageTag } from '../../../../generator/plan/tag.js';

const KEY = 'k'.repeat(64);
const COMMIT = 'c0ffee0123456789c0ffee0123456789c0ffee01';

describe('imageTag', () => {
  it('is the one asked for', () => {
    expect(imageTag('v1', COMMIT, true, KEY)).to.equal('v1');
    expect(imageTag('v1', undefined, false, KEY)).to.equal('v1');
  });

  it('is the commit where the context is the commit’s', () => {
    expect(imageTag(undefined, COMMIT, true, KEY)).to.equal('c0ffee012345');
  });

  it('is the key where the context is another, or there is no commit', () => {
    expect(imageTag(undefined, COMMIT, false, KEY)).to.equal('kkkkkkkkkkkk');
    expect(imageTag(undefined, undefined, true, KEY)).to.equal('kkkkkkkkkkkk');
  });
});
