import { expect } from 'chai';

import { KEY_LABEL } from '../../generator/reuse/labels.js';
import { uniqueName } from './support/build.js';
import { removeFolders } from './support/project.js';
import { configOf, deleteImage, digestOf, relabel } from './support/registry.js';
import {
  buildOrReuse,
  decisionsOf,
  imageOf,
  plan,
  podsOf,
  singleImages,
  type Built,
} from './support/reuse.js';

after(removeFolders);

describe('images of which the registry no longer has what was built', () => {
  const NAMES = ['deleted', 'kept', 'replaced'];
  let path: string;
  let first: Built;
  let stranger: string;
  let second: Built;

  const keyTagOf = (name: string): string =>
    first.plan.images.find((image) => image.name === name)?.secondTag ?? '';

  before(async () => {
    path = uniqueName('lost');
    first = await buildOrReuse(await singleImages(path, NAMES));
    expect(podsOf(first)).to.deep.equal(NAMES);
    const [deleted, replaced] = [imageOf(first, 'deleted'), imageOf(first, 'replaced')];
    await deleteImage(deleted.repository, deleted.digest ?? '');
    const { Labels: labels } = (await configOf(replaced.repository, keyTagOf('replaced'))).config;
    stranger = await relabel(replaced.repository, keyTagOf('replaced'), {
      ...labels,
      [KEY_LABEL]: '0'.repeat(64),
    });
    second = await buildOrReuse(await singleImages(path, NAMES), { tag: 'second' });
  });

  it('builds those again, and no other', () => {
    expect(podsOf(second)).to.deep.equal(['deleted', 'replaced']);
    expect(imageOf(second, 'kept').digest).to.equal(imageOf(first, 'kept').digest);
    expect(decisionsOf(second)).to.deep.equal({
      deleted: 'not in the registry',
      kept: 'unchanged',
      replaced: 'label has another key',
    });
  });

  it('threat 74: does not use an image under the tag of a key whose label has another key', async () => {
    const { repository, digest } = imageOf(second, 'replaced');
    expect(stranger).to.not.equal(imageOf(first, 'replaced').digest);
    expect(digest).to.not.equal(stranger);
    expect(await digestOf(repository, 'second')).to.equal(digest);
  });

  it('gives them the tags of their keys again, by which the next plan finds them', async () => {
    for (const name of NAMES) {
      const { repository, digest } = imageOf(second, name);
      expect(await digestOf(repository, keyTagOf(name))).to.equal(digest);
    }
    const next = await plan(await singleImages(path, NAMES));
    expect(Object.values(decisionsOf(next))).to.deep.equal(['unchanged', 'unchanged', 'unchanged']);
  });
});
