import { expect } from 'chai';

import type { Clock } from '../../../../common/clock.js';
import type { ImageAnswer, ImageQuestion } from '../../../../generator/ports.js';
import { imageRegistries, type ImageRegistriesOptions } from '../../../../stores/registry/registries.js';
import { RegistryStandIn, sha256 } from '../../../fixtures/registry-stand-in.js';

const OCI = 'application/vnd.oci.image.manifest.v1+json';
const INDEX = 'application/vnd.oci.image.index.v1+json';
const noop = (): void => undefined;
const HEAD = 'HEAD /v2/team/app/manifests/v1';
const GET = 'GET /v2/team/app/manifests/v1';

describe('a registry that misbehaves', () => {
  let registry: RegistryStandIn;
  let digest: string;
  let pauses: number[];
  const content = { schemaVersion: 2, mediaType: OCI };
  const clock: Clock = {
    now: () => 0,
    wait: (ms) => {
      pauses.push(ms);
      return Promise.resolve();
    },
  };
  beforeEach(async () => {
    pauses = [];
    registry = await RegistryStandIn.start();
    digest = registry.manifest('team/app', 'v1', content);
  });
  afterEach(async () => {
    await registry.stop();
  });
  const find = async (
    question: Partial<ImageQuestion> = {},
    options: ImageRegistriesOptions = {},
  ): Promise<ImageAnswer> =>
    await imageRegistries({ clock, ...options }).find({
      repository: `${registry.host}/team/app`,
      reference: 'v1',
      ...question,
    });
  const found = (labels = {}): ImageAnswer => ({ state: 'found', digest, labels });
  const unknown = (why: string): ImageAnswer => ({
    state: 'unknown',
    why: `Registry at http://${registry.host}: ${why}`,
  });
  const good = () => ({
    status: 200,
    headers: { 'content-type': OCI, 'docker-content-digest': digest },
  });

  for (const [name, first] of [
    ['500', { status: 500 }],
    ['429 with a short pause', { status: 429, headers: { 'retry-after': '2' } }],
    ['a connection that is cut', 'reset'],
  ] as const)
    it(`is asked again after ${name}`, async () => {
      registry.on(HEAD, (_, count) => (count === 0 ? first : good()));
      expect(await find()).to.deep.equal(found());
      expect(pauses).to.have.length(1);
      expect(pauses[0]).to.be.within(
        name.startsWith('429') ? 2000 : 250,
        name.startsWith('429') ? 2000 : 500,
      );
    });

  for (const [name, answer, why, requests] of [
    [
      '429 with a long pause',
      { status: 429, headers: { 'retry-after': '60' } },
      'too many requests (429)',
      1,
    ],
    ['503, always', { status: 503 }, 'it answered with 503 for team/app', 2],
    ['400', { status: 400 }, 'it answered with 400 for team/app', 1],
    ['403', { status: 403 }, 'team/app does not exist, or no login may read it (403)', 1],
    ['no connection', 'reset', 'the connection was closed', 2],
  ] as const)
    it(`gives no answer: ${name}`, async () => {
      registry.on(HEAD, () => answer);
      expect(await find()).to.deep.equal(unknown(why));
      expect(registry.calls).to.have.length(requests);
    });

  it('does not answer in time', async () => {
    registry.on(HEAD, () => 'stall');
    expect(await find({}, { timeoutMs: 50 })).to.deep.equal(unknown('it did not answer in time'));
    registry.on('GET /v2/', () => 'stall');
    expect(await find({}, { timeoutMs: 50 })).to.deep.equal(unknown('it did not answer in time'));
  });

  it('is not asked again by the next image', async () => {
    registry.on('GET /v2/', () => 'reset');
    const registries = imageRegistries({ clock });
    const ask = async (reference: string): Promise<ImageAnswer> =>
      await registries.find({ repository: `${registry.host}/team/app`, reference });
    const asked = await Promise.all([ask('v1'), ask('v2')]);
    expect(asked).to.deep.equal([unknown('the connection was closed'), unknown('the connection was closed')]);
    expect(registry.requests).to.have.length(2);
  });

  for (const scheme of ['Bearer', 'Basic'])
    it(`threat 72: redirects to a host whose ${scheme} challenge gets no login`, async () => {
      const other = await RegistryStandIn.start();
      try {
        const challenge = `${scheme} realm="http://${other.host}/token",service="s"`;
        registry.on(HEAD, () => ({ status: 307, headers: { location: `http://${other.host}/asked` } }));
        other.on('HEAD /asked', () => ({ status: 401, headers: { 'www-authenticate': challenge } }));
        other.on('GET /token', () => ({ status: 200, body: '{"token":"t"}' }));
        const logins = () =>
          Promise.resolve({ kind: 'password', username: 'me', password: 'secret' } as const);
        expect(await find({}, { logins })).to.deep.equal(
          unknown('team/app does not exist, or no login may read it (401)'),
        );
        expect(other.requests).to.deep.equal([
          { method: 'HEAD', path: '/asked', authorization: undefined, body: '' },
        ]);
        expect(registry.requests.map(({ authorization }) => authorization)).to.deep.equal([
          undefined,
          undefined,
        ]);
      } finally {
        await other.stop();
      }
    });

  it('is not a registry', async () => {
    registry.on('GET /v2/', () => ({ status: 404, body: '<html>' }));
    expect(await find()).to.deep.equal(unknown('what answers there (status 404) is not an image registry'));
  });

  for (const status of [429, 500, 503])
    it(`is not available: ${status}`, async () => {
      const errors = [{ code: 'UNAVAILABLE', message: 'back soon' }];
      registry.on('GET /v2/', () => ({ status, body: JSON.stringify({ errors }) }));
      expect(await find()).to.deep.equal(unknown(`it answered with ${status} UNAVAILABLE: back soon`));
    });

  it('does not say the digest: the content is read', async () => {
    const body = JSON.stringify(content);
    registry.on(HEAD, () => ({ status: 200, headers: { 'content-type': OCI } }));
    registry.on(GET, () => ({ status: 200, headers: { 'content-type': 'text/plain' }, body }));
    expect(await find()).to.deep.equal(found());
    registry.on(HEAD, () => ({ status: 405 }));
    expect(await find()).to.deep.equal(found());
  });

  for (const wrong of ['sha256:123', `sha512:${'a'.repeat(128)}`, sha256('other')])
    it(`says a digest that is wrong: ${wrong.slice(0, 12)}`, async () => {
      const headers = { 'content-type': OCI, 'docker-content-digest': wrong };
      const problem = unknown('what it has as team/app v1 does not fit its digest');
      registry.on(HEAD, () => ({ status: 405 }));
      registry.on(GET, () => ({ status: 200, headers, body: JSON.stringify(content) }));
      expect(await find()).to.deep.equal(problem);
      if (wrong === sha256('other')) return;
      registry.on(HEAD, () => ({ status: 200, headers }));
      expect(await find()).to.deep.equal(problem);
    });

  it('has another manifest under a digest', async () => {
    const asked = sha256('asked');
    for (const method of ['HEAD', 'GET'])
      registry.on(`${method} /v2/team/app/manifests/${asked}`, () => ({
        ...good(),
        body: JSON.stringify(content),
      }));
    expect(await find({ reference: asked })).to.deep.equal(
      unknown(`what it has as team/app ${asked} does not fit its digest`),
    );
  });

  it('has a manifest without end', async () => {
    registry.on(HEAD, () => ({ status: 405 }));
    registry.on(GET, () => ({ status: 200, body: Buffer.alloc(5 * 2 ** 20) }));
    expect(await find()).to.deep.equal(unknown('its answer has more than 4194304 bytes'));
    expect(registry.calls).to.have.length(2);
  });

  it('has no JSON', async () => {
    registry.on(HEAD, () => ({ status: 405 }));
    registry.on(GET, () => ({ status: 200, body: '[]' }));
    expect(await find()).to.deep.equal(unknown('the manifest of v1 is not a JSON object'));
  });

  describe('with a configuration', () => {
    let config: string;
    let blob: string;
    beforeEach(() => {
      config = JSON.stringify({ config: { Labels: { a: 'b', n: 3 } } });
      blob = sha256(config);
      digest = registry.manifest('team/app', 'v1', { ...content, config: { digest: blob } });
      registry.on(`GET /v2/team/app/blobs/${blob}`, () => ({ status: 200, body: config }));
    });

    it('is asked twice for an image with its labels, and once for an image that it lacks', async () => {
      registry.on(`GET /v2/team/app/blobs/${blob}`, () => ({ status: 200, body: config }));
      expect(await find({ labels: true })).to.deep.equal(found({ a: 'b' }));
      expect(registry.calls).to.deep.equal([GET, `GET /v2/team/app/blobs/${blob}`]);
      expect(await find({ labels: true, reference: 'v2' })).to.deep.equal({ state: 'absent' });
      expect(registry.calls).to.have.length(3);
    });

    it('has the labels that are texts', async () => {
      expect(await find({ labels: true })).to.deep.equal(found({ a: 'b' }));
    });

    it('has another content', async () => {
      registry.on(`GET /v2/team/app/blobs/${blob}`, () => ({ status: 200, body: '{}' }));
      expect(await find({ labels: true })).to.deep.equal(
        unknown(`what it has as team/app ${blob} does not fit its digest`),
      );
    });

    it('threat 72: redirects to a store, which does not get the login', async () => {
      const store = await RegistryStandIn.start();
      try {
        const location = `http://${store.host}/bucket/${blob}?signature=x`;
        registry.on('GET /v2/', () => ({ status: 401, headers: { 'www-authenticate': 'Basic' } }));
        registry.on(`GET /v2/team/app/blobs/${blob}`, () => ({ status: 307, headers: { location } }));
        store.on(`GET /bucket/${blob}`, () => ({ status: 200, body: config }));
        const logins = () =>
          Promise.resolve({ kind: 'password', username: 'me', password: 'secret' } as const);
        expect(await find({ labels: true }, { logins })).to.deep.equal(found({ a: 'b' }));
        expect(registry.requests.slice(1).every(({ authorization }) => authorization !== undefined)).to.equal(
          true,
        );
        expect(store.requests.map(({ authorization }) => authorization)).to.deep.equal([undefined]);
      } finally {
        await store.stop();
      }
    });

    it('redirects on and on', async () => {
      registry.on(`GET /v2/team/app/blobs/${blob}`, () => ({ status: 302, headers: { location: '?again' } }));
      expect(await find({ labels: true })).to.deep.equal(unknown('too many redirects'));
      expect(registry.calls.filter((call) => call.includes('/blobs/'))).to.have.length(4);
    });

    for (const location of ['file:///etc/passwd', 'http://[', 'ftp://x/'])
      it(`redirects to ${location}`, async () => {
        registry.on(`GET /v2/team/app/blobs/${blob}`, () => ({ status: 302, headers: { location } }));
        expect(await find({ labels: true })).to.have.property('state', 'unknown');
      });
  });

  it('has an index with entries that are none', async () => {
    registry.manifest('team/app', 'v1', {
      mediaType: INDEX,
      manifests: [
        null,
        { digest: 'sha256:x', platform: { os: 'linux', architecture: 'arm64' } },
        { digest: sha256('attestation'), platform: { os: 'unknown', architecture: 'unknown' } },
        { digest: sha256('without a platform') },
      ],
    });
    digest = sha256('without a platform');
    expect(await find({ platform: 'linux/amd64' })).to.deep.equal(found());
    expect(await find({ platform: 'linux/arm64' })).to.deep.equal(
      unknown('team/app:v1 has no image for linux/arm64; it has: linux/amd64'),
    );
  });

  it('gets the same question once', async () => {
    const registries = imageRegistries({ clock });
    const question = { repository: `${registry.host}/team/app`, reference: 'v1' };
    const answers = await Promise.all([registries.find(question), registries.find({ ...question })]);
    expect(answers).to.deep.equal([found(), found()]);
    await registries.find({ ...question, reference: digest });
    expect(registry.calls).to.deep.equal([HEAD, HEAD.replace('v1', digest)]);
  });

  it('gets so many requests at a time', async () => {
    let [busy, most] = [0, 0];
    let [arrive, release] = [noop, noop];
    const arrived = new Promise<void>((resolve) => (arrive = resolve));
    const released = new Promise<void>((resolve) => (release = resolve));
    const registries = imageRegistries({ clock, concurrent: 3 });
    const asked = Array.from({ length: 12 }, async (_, at) => {
      registry.on(`HEAD /v2/team/app/manifests/${at}`, async () => {
        most = Math.max(most, ++busy);
        if (busy === 3) arrive();
        await released;
        busy--;
        return { status: 404 };
      });
      await registries.find({ repository: `${registry.host}/team/app`, reference: String(at) });
    });
    await arrived;
    // What was sent together with those three arrives before the answers to these.
    for (let round = 0; round < 5; round++) await fetch(`http://${registry.host}/v2/`);
    release();
    await Promise.all(asked);
    expect(most).to.equal(3);
  });

  it('is left when the signal says so', async () => {
    const stop = new AbortController();
    registry.on(HEAD, () => {
      stop.abort(new Error('stopped'));
      return 'stall';
    });
    const error: unknown = await find({}, { signal: stop.signal }).catch((thrown: unknown) => thrown);
    expect(error).to.have.property('message', 'stopped');
  });

  it('is not asked where its host is not allowed', async () => {
    const allowedHosts = (host: string): boolean => host === 'ghcr.io';
    expect(await find({}, { allowedHosts })).to.deep.equal({
      state: 'unknown',
      why: `${registry.host} is not a registry that may be asked here`,
    });
    expect(registry.requests).to.deep.equal([]);
  });

  it('is not asked for a name that is not valid', async () => {
    const repository = `${registry.host}/team/../app`;
    expect(await find({ repository })).to.have.property('state', 'unknown');
    expect(registry.requests).to.deep.equal([]);
  });

  for (const host of ['1.2.3.4.5', 'example.256', 'ghcr.io:99999'])
    it(`is not asked where no URL has its host: ${host}`, async () => {
      expect(await find({ repository: `${host}/foo` })).to.deep.equal({
        state: 'unknown',
        why: `Registry at ${host}: this is not the name of a host`,
      });
    });

  describe('with mirrors', () => {
    const asked = { repository: 'python', reference: 'v1' };

    it('is asked last', async () => {
      const mirrors = { 'index.docker.io': ['127.0.0.1:1', `${registry.host}/hub`] };
      digest = registry.manifest('hub/library/python', 'v1', content);
      const allowedHosts = (): boolean => true;
      expect(await find(asked, { mirrors, allowedHosts })).to.deep.equal(found());
    });

    it('is asked alone for an image of the configuration, even after a mirror has answered', async () => {
      const mirror = await RegistryStandIn.start();
      try {
        digest = mirror.manifest('team/app', 'v1', content);
        registry.on(HEAD, () => ({ status: 404 }));
        const registries = imageRegistries({ clock, mirrors: { [registry.host]: [mirror.host] } });
        const question = { repository: `${registry.host}/team/app`, reference: 'v1' };
        expect(await registries.find(question)).to.deep.equal(found());
        expect(await registries.find({ ...question, own: true })).to.deep.equal({ state: 'absent' });
        expect(await registries.find(question)).to.deep.equal(found());
        expect(mirror.calls).to.deep.equal([HEAD]);
        expect(registry.calls).to.deep.equal([HEAD]);
      } finally {
        await mirror.stop();
      }
    });

    it('is asked where they have nothing', async () => {
      const empty = await RegistryStandIn.start();
      try {
        const mirrors = { [registry.host]: [empty.host] };
        expect(await find({}, { mirrors })).to.deep.equal(found());
        expect(empty.calls).to.deep.equal([HEAD]);
      } finally {
        await empty.stop();
      }
    });
  });
});

describe('a registry with a certificate that nobody vouches for', () => {
  let registry: RegistryStandIn;
  let digest: string;
  before(async () => {
    registry = await RegistryStandIn.start({ tls: true });
    digest = registry.manifest('app', 'v1', { mediaType: OCI });
  });
  after(async () => {
    await registry.stop();
  });
  const find = async (insecure: boolean, options: ImageRegistriesOptions = {}): Promise<ImageAnswer> =>
    await imageRegistries(options).find({ repository: `${registry.host}/app`, reference: 'v1', insecure });

  it('is used only where it may be insecure', async () => {
    registry.requests.length = 0;
    expect(await find(false)).to.have.property('state', 'unknown');
    expect(registry.requests).to.deep.equal([]);
    expect(await find(true)).to.deep.equal({ state: 'found', digest, labels: {} });
  });

  it('threat 72: sends no login to a token server without https', async () => {
    const tokens = await RegistryStandIn.start();
    try {
      const challenge = `Bearer realm="http://${tokens.host}/token"`;
      registry.on('GET /v2/', () => ({ status: 401, headers: { 'www-authenticate': challenge } }));
      const logins = () => Promise.resolve({ kind: 'password', username: 'me', password: 'secret' } as const);
      expect(await find(true, { logins })).to.deep.equal({
        state: 'unknown',
        why: `Registry at https://${registry.host}: it names a token server without https`,
      });
      expect(tokens.requests).to.deep.equal([]);
    } finally {
      await tokens.stop();
    }
  });
});
