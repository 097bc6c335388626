import { expect } from 'chai';

import { imageRegistries } from '../../../../stores/registry/registries.js';
import { ACCOUNT, Registry } from '../../../fixtures/registry.js';

describe('a registry without a login', () => {
  let registry: Registry;
  before(async function () {
    registry = await Registry.start(this);
  });
  after(async () => {
    await (registry as Registry | undefined)?.stop();
  });
  const repository = (name: string): string => `${registry.host}/${name}`;

  it('has an image with its digest', async () => {
    const { digest } = await registry.image('team/app', { tag: 'v1' });
    const answer = await imageRegistries().find({ repository: repository('team/app'), reference: 'v1' });
    expect(answer).to.deep.equal({ state: 'found', digest, labels: {} });
  });

  it('has an image by its digest', async () => {
    const { digest } = await registry.image('team/by-digest', { labels: { a: 'b' } });
    const question = { repository: repository('team/by-digest'), reference: digest };
    expect(await imageRegistries().find(question)).to.deep.equal({ state: 'found', digest, labels: {} });
  });

  for (const format of ['oci', 'docker'] as const)
    it(`has the labels of an image in the format of ${format}`, async () => {
      const labels = { 'kfops.dev/key': 'abc', __proto__: 'x', empty: '' };
      const { digest } = await registry.image(`team/${format}`, { tag: 'v1', labels, format });
      const question = { repository: repository(`team/${format}`), reference: 'v1', labels: true };
      expect(await imageRegistries().find(question)).to.deep.equal({ state: 'found', digest, labels });
    });

  it('has neither the tag nor the repository', async () => {
    await registry.image('team/app', { tag: 'v1' });
    const registries = imageRegistries();
    for (const name of ['team/app', 'team/none'])
      expect(await registries.find({ repository: repository(name), reference: 'v2' })).to.deep.equal({
        state: 'absent',
      });
  });

  for (const format of ['oci', 'docker'] as const)
    it(`has an index in the format of ${format}, and the image of each platform`, async () => {
      const name = `team/index-${format}`;
      const amd64 = await registry.image(name, { labels: { arch: 'amd64' }, format });
      const v6 = await registry.image(name, { labels: { arch: 'v6' }, format });
      const v7 = await registry.image(name, { labels: { arch: 'v7' }, format });
      const images = { 'linux/arm/v6': v6, 'linux/amd64': amd64, 'linux/arm/v7': v7 };
      const index = await registry.index(name, images, { tag: 'v1', format });
      const registries = imageRegistries();
      const find = async (platform?: string, labels?: true): Promise<unknown> =>
        await registries.find({
          repository: repository(name),
          reference: 'v1',
          ...(platform !== undefined && { platform }),
          ...(labels && { labels }),
        });
      const found = (digest: string, arch?: string): object => ({
        state: 'found',
        digest,
        labels: arch === undefined ? {} : { arch },
      });
      expect(await find()).to.deep.equal(found(index.digest));
      expect(await find(undefined, true)).to.deep.equal(found(index.digest, 'amd64'));
      expect(await find('linux/amd64')).to.deep.equal(found(amd64.digest));
      expect(await find('linux/arm/v7')).to.deep.equal(found(v7.digest));
      // As Kaniko chooses: the first, where no variant is asked for.
      expect(await find('linux/arm', true)).to.deep.equal(found(v6.digest, 'v6'));
      expect(await find('linux/arm64')).to.deep.equal({
        state: 'unknown',
        why: `Registry at http://${registry.host}: ${name}:v1 has no image for linux/arm64; it has: linux/arm/v6, linux/amd64, linux/arm/v7`,
      });
    });
});

describe('a registry with passwords', () => {
  let registry: Registry;
  before(async function () {
    registry = await Registry.start(this, 'password');
  });
  after(async () => {
    await (registry as Registry | undefined)?.stop();
  });

  it('has an image with the right login only', async () => {
    const { digest } = await registry.image('team/app', { tag: 'v1', labels: { a: 'b' } });
    const question = { repository: `${registry.host}/team/app`, reference: 'v1', labels: true };
    const asked: string[] = [];
    const allowed = imageRegistries({
      logins: (host) => {
        asked.push(host);
        return Promise.resolve({ kind: 'password', ...ACCOUNT });
      },
    });
    expect(await allowed.find(question)).to.deep.equal({ state: 'found', digest, labels: { a: 'b' } });
    expect(asked).to.deep.equal([registry.host]);

    const wrong = { kind: 'password', username: 'builder', password: 'wrong' } as const;
    for (const login of [undefined, wrong]) {
      const refused = imageRegistries({ logins: () => Promise.resolve(login) });
      expect(await refused.find(question)).to.deep.equal({
        state: 'unknown',
        why: `Registry at http://${registry.host}: team/app does not exist, or no login may read it (401 UNAUTHORIZED: authentication required)`,
      });
    }
  });
});
