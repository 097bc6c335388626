import { expect } from 'chai';

import type { SkipCause, TagResult } from '../../../../generator/results/step-outputs.js';
import { RegistryClient } from '../../../../stores/registry/client.js';
import { putTag } from '../../../../stores/registry/put-tag.js';
import { ACCOUNT, Registry } from '../../../fixtures/registry.js';
import { RegistryStandIn, sha256 } from '../../../fixtures/registry-stand-in.js';

interface SkippedTag {
  readonly skipped: string;
  readonly cause?: SkipCause;
}

const LOGINS = (): Promise<{ kind: 'password'; username: string; password: string }> =>
  Promise.resolve({ kind: 'password', ...ACCOUNT });

describe('a tag for an image of a registry', () => {
  let registry: Registry;
  before(async function () {
    registry = await Registry.start(this, 'password');
  });
  after(async () => {
    await (registry as Registry | undefined)?.stop();
  });
  const put = async (name: string, digest: string, tag: string, logins = true): Promise<TagResult> =>
    await putTag(new RegistryClient(logins ? { logins: LOGINS } : {}), {
      repository: `${registry.host}/${name}`,
      digest,
      tag,
    });

  for (const format of ['oci', 'docker'] as const)
    it(`is put, and then there already (${format})`, async () => {
      const name = `team/${format}`;
      const { digest } = await registry.image(name, { tag: 'ctx-1', format });
      expect(await put(name, digest, 'commit')).to.equal('tagged');
      expect(await registry.digestOf(name, 'commit')).to.equal(digest);
      expect(await put(name, digest, 'commit')).to.equal('already');
      const index = await registry.index(
        name,
        { 'linux/amd64': { digest, size: 1, mediaType: '' } },
        { format },
      );
      expect(await put(name, index.digest, 'commit')).to.equal('tagged');
      expect(await registry.digestOf(name, 'commit')).to.equal(index.digest);
    });

  it('is skipped where the image is gone', async () => {
    const digest = sha256('nothing');
    expect(await put('team/app', digest, 'v1')).to.deep.equal({
      skipped: `${registry.host}/team/app@${digest} is no longer there`,
      cause: 'gone',
    });
  });

  it('is skipped without a login', async () => {
    const { skipped, cause } = (await put('team/app', sha256('x'), 'v1', false)) as SkippedTag;
    expect(cause).to.equal('login');
    expect(skipped).to.match(/^no login that may push to 127\.0\.0\.1:\d+\/team\/app: Registry at /);
  });

  it('is skipped where no URL has the host of its registry', async () => {
    const request = { repository: '1.2.3.4.5/app', digest: sha256('x'), tag: 'v1' };
    expect(await putTag(new RegistryClient(), request)).to.deep.equal({
      skipped: 'Registry at 1.2.3.4.5: this is not the name of a host',
    });
  });

  it('is skipped for names that are not valid', async () => {
    const client = new RegistryClient();
    const good = { repository: 'localhost/app', digest: sha256('x'), tag: 'v1' };
    for (const wrong of [{ tag: '../x' }, { digest: 'sha256:x' }, { repository: 'localhost/APP' }])
      expect(await putTag(client, { ...good, ...wrong })).to.have.property('skipped');
  });
});

describe('a registry that takes no tag', () => {
  let registry: RegistryStandIn;
  let digest: string;
  beforeEach(async () => {
    registry = await RegistryStandIn.start();
    digest = registry.manifest('team/app', 'ctx-1', {
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      schemaVersion: 2,
    });
  });
  afterEach(async () => {
    await registry.stop();
  });
  const put = async (): Promise<TagResult> =>
    await putTag(new RegistryClient(), { repository: `${registry.host}/team/app`, digest, tag: 'v1' });
  const error = (code: string): string => JSON.stringify({ errors: [{ code, message: `the tag\n${code}` }] });

  for (const [status, body, why, cause] of [
    [
      401,
      error('UNAUTHORIZED'),
      'no login that may push to REPO (401 UNAUTHORIZED: the tag UNAUTHORIZED)',
      'login',
    ],
    [403, '', 'no login that may push to REPO (403)', 'login'],
    [412, error('X'), 'the tag v1 of REPO cannot change (412 X: the tag X)', 'immutable'],
    [
      400,
      error('ImageTagAlreadyExistsException: already exists'),
      'the tag v1 of REPO cannot change (400 ImageTagAlreadyExistsException: already exists: the tag ImageTagAlreadyExistsException: already exists)',
      'immutable',
    ],
    [404, error('NAME_UNKNOWN'), 'REPO is no longer there (404 NAME_UNKNOWN: the tag NAME_UNKNOWN)', 'gone'],
    [400, error('TAG_INVALID'), 'REPO refused the tag v1 (400 TAG_INVALID: the tag TAG_INVALID)', undefined],
  ] as const)
    it(`${status} ${body.slice(0, 40)}`, async () => {
      registry.on('PUT /v2/team/app/manifests/v1', () => ({ status, body }));
      expect(await put()).to.deep.equal({
        skipped: why.replaceAll('REPO', `${registry.host}/team/app`),
        ...(cause && { cause }),
      });
    });

  it('gets the bytes of the manifest as they are', async () => {
    registry.on('PUT /v2/team/app/manifests/v1', () => ({ status: 201 }));
    expect(await put()).to.equal('tagged');
    const { body } = registry.requests.at(-1)!;
    expect(sha256(body)).to.equal(digest);
  });

  it('reports a tag that got another image', async () => {
    const headers = { 'docker-content-digest': sha256('other') };
    registry.on('PUT /v2/team/app/manifests/v1', () => ({ status: 201, headers }));
    expect(await put()).to.deep.equal({ skipped: `${registry.host}/team/app:v1 got another digest` });
  });
});
