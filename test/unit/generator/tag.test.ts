import { expect } from 'chai';

import { imageTag, isTag } from '../../../generator/tag.js';

const KEY = 'k'.repeat(64);
const commit = 'c0ffee0123456789c0ffee0123456789c0ffee01';
const of = (
  revision: { commit?: string; dirty: boolean; changed?: string[] },
  folders = ['img', 'libs/common'],
): string => imageTag(undefined, { description: '', ...revision }, folders, KEY);

describe('imageTag', () => {
  it('is the one asked for', () => {
    expect(imageTag('v1', { commit, dirty: false, description: '' }, ['img'], KEY)).to.equal('v1');
  });

  it('is the commit when nothing that the image is made of differs from it', () => {
    expect(of({ commit, dirty: false })).to.equal('c0ffee012345');
    expect(
      of({ commit, dirty: true, changed: ['workflow.yaml', 'images/x', 'libs/commonplace/x'] }),
    ).to.equal('c0ffee012345');
  });

  it('is the key when a file of the image was changed, deleted or is not tracked', () => {
    for (const changed of ['img/Dockerfile', 'libs/common/a/b', 'img']) {
      expect(of({ commit, dirty: true, changed: [changed] }), changed).to.equal('kkkkkkkkkkkk');
    }
    expect(of({ commit, dirty: true, changed: ['README.md', 'img/x'] })).to.equal('kkkkkkkkkkkk');
    expect(of({ commit, dirty: true, changed: ['README.md'] }, [''])).to.equal('kkkkkkkkkkkk');
  });

  it('is the key when there is no commit, or nobody knows what differs', () => {
    expect(of({ dirty: false })).to.equal('kkkkkkkkkkkk');
    expect(of({ dirty: true })).to.equal('kkkkkkkkkkkk');
    expect(of({ commit, dirty: true })).to.equal('kkkkkkkkkkkk');
  });
});

describe('isTag', () => {
  it('holds the grammar of the distribution reference', () => {
    for (const tag of ['v1.2', 'a', '_x', 'A-b.c', '0'.repeat(128)]) expect(isTag(tag), tag).to.equal(true);
    for (const tag of ['', '.x', '-x', 'a b', 'a:b', 'ä', 'a\n', '0'.repeat(129)]) {
      expect(isTag(tag), tag).to.equal(false);
    }
  });
});
