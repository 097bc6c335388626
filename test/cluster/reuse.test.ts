import { expect } from 'chai';

import type { ContextSource } from '../../generator/ports.js';
import { uniqueName, type Finished } from './support/build.js';
import { leftBy } from './support/compiled.js';
import { environment } from './support/environment.js';
import { BUSYBOX, project, removeFolders, type Files } from './support/project.js';
import { configOf, digestOf, filesOf } from './support/registry.js';
import { buildOrReuse as build, imageOf, podsOf, type Built } from './support/reuse.js';

function digestsOf({ result }: Finished): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(result.images.map(({ name, digest }) => [name, digest]));
}

/** Three images: `app` is built on `base`, of which it has a file; `other` stands alone. */
function stack(path: string, changes: Files = {}): Promise<ContextSource> {
  return project(
    { path, images: ['app', 'base', 'other'].map((name) => ({ name, cache: false })) },
    {
      'base/Dockerfile': `FROM ${BUSYBOX}\nCOPY base.txt /srv/\n`,
      'base/base.txt': 'base 1\n',
      'app/Dockerfile': `ARG REGISTRY=${environment.registry}/${path}\nFROM $REGISTRY/base\nRUN cp /srv/base.txt /srv/copied.txt\nCOPY app.txt /srv/\n`,
      'app/app.txt': 'app 1\n',
      'other/Dockerfile': `FROM ${BUSYBOX}\nCOPY srv/base.txt /srv/\n`,
      'other/srv/base.txt': 'other 1\n',
      ...changes,
    },
  );
}

after(removeFolders);

describe('images that are reused', () => {
  let path: string;
  let first: Built;

  before(async () => {
    path = uniqueName('reuse');
    first = await build(await stack(path));
  });

  it('builds all images the first time, those that are based on others after them', async () => {
    expect(podsOf(first)).to.deep.equal(['app', 'base', 'other']);
    const [app, base] = [imageOf(first, 'app'), imageOf(first, 'base')];
    expect(app.startedAt?.getTime()).to.be.least(base.finishedAt?.getTime() ?? Infinity);
    const files = await filesOf(app.repository, app.digest ?? '');
    expect(files.get('srv/copied.txt')?.text).to.equal('base 1\n');
  });

  it('labels them with what they are made from, and gives them the tag of their key', async () => {
    const [app, base] = [imageOf(first, 'app'), imageOf(first, 'base')];
    for (const image of [app, base]) {
      const planned = first.plan.images.find(({ name }) => name === image.name);
      expect(await digestOf(image.repository, planned?.secondTag ?? '')).to.equal(image.digest);
    }
    const { Labels: labels = {} } = (await configOf(app.repository, app.digest ?? '')).config;
    expect(labels).to.include({
      'org.opencontainers.image.source': 'https://github.com/example-org/kfops-test',
      'org.opencontainers.image.base.digest': base.digest,
      'dev.kfops.base.base': base.digest,
    });
    expect(labels['dev.kfops.key']).to.match(/^[0-9a-f]{64}$/);
    expect(labels).to.not.have.any.keys('org.opencontainers.image.created');
  });

  it('starts no build pod when nothing changed, and gives the same digests and the same pipeline', async () => {
    const second = await build(await stack(path), { tag: 'second' });
    expect(podsOf(second)).to.deep.equal([]);
    expect(second.result.images.map(({ state }) => state)).to.deep.equal(['reused', 'reused', 'reused']);
    expect(digestsOf(second)).to.deep.equal(digestsOf(first));
    for (const { repository, digest } of second.result.images) {
      expect(await digestOf(repository, 'second')).to.equal(digest);
    }
    expect(await leftBy(second.workflow, 'pipeline.yaml')).to.equal(
      await leftBy(first.workflow, 'pipeline.yaml'),
    );
  });

  it('builds one image when one file changed', async () => {
    const changed = await build(await stack(path, { 'app/app.txt': 'app 2\n' }));
    expect(podsOf(changed)).to.deep.equal(['app']);
    expect(imageOf(changed, 'base').digest).to.equal(imageOf(first, 'base').digest);
    const app = imageOf(changed, 'app');
    const files = await filesOf(app.repository, app.digest ?? '');
    expect(files.get('srv/copied.txt')?.text).to.equal('base 1\n');
  });

  it('builds a changed base and what is based on it, on the new one', async () => {
    const changed = await build(await stack(path, { 'base/base.txt': 'base 2\n' }));
    expect(podsOf(changed)).to.deep.equal(['app', 'base']);
    const [app, base] = [imageOf(changed, 'app'), imageOf(changed, 'base')];
    expect(base.digest).to.not.equal(imageOf(first, 'base').digest);
    const { Labels: labels = {} } = (await configOf(app.repository, app.digest ?? '')).config;
    expect(labels['dev.kfops.base.base']).to.equal(base.digest);
    expect((await filesOf(app.repository, app.digest ?? '')).get('srv/copied.txt')?.text).to.equal(
      'base 2\n',
    );
  });

  it('builds by force, and afterwards what is based on it', async () => {
    const forced = await build(await stack(path), { force: true, only: ['base'] });
    expect(podsOf(forced)).to.deep.equal(['base']);
    const next = await build(await stack(path));
    expect(podsOf(next)).to.deep.equal(['app']);
    expect(imageOf(next, 'base').digest).to.equal(imageOf(forced, 'base').digest);
    expect(podsOf(await build(await stack(path)))).to.deep.equal([]);
  });

  it('lets two builds of the same key succeed, and then gives one digest to both', async () => {
    const changes = { 'other/srv/base.txt': `${uniqueName('both')}\n` };
    const sources = await Promise.all([stack(path, changes), stack(path, changes)]);
    const both = await Promise.all(sources.map((source) => build(source)));
    expect(both.map(podsOf)).to.deep.equal([['other'], ['other']]);
    const later = await Promise.all(sources.map((source) => build(source)));
    expect(later.map(podsOf)).to.deep.equal([[], []]);
    const [one, other] = later.map((each) => imageOf(each, 'other').digest);
    expect(one).to.equal(other);
    const digests = both.map((each) => imageOf(each, 'other').digest);
    expect(digests).to.include(one);
    const { repository, secondTag = '' } = both[0]!.plan.images.find(({ name }) => name === 'other')!;
    expect(await digestOf(repository, secondTag)).to.equal(one);
    // What the other build was told is still there, too.
    for (const digest of digests) expect(await digestOf(repository, digest ?? '')).to.equal(digest);
  });
});
