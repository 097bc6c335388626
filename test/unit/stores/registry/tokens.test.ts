import { expect } from 'chai';

import type { ImageAnswer } from '../../../../generator/ports.js';
import { LoginError, type Login, type Logins } from '../../../../stores/registry/logins.js';
import { imageRegistries } from '../../../../stores/registry/registries.js';
import { Registry } from '../../../fixtures/registry.js';
import { RegistryStandIn, type StandInAnswer } from '../../../fixtures/registry-stand-in.js';
import { certificate } from '../../../fixtures/tls.js';
import { registryToken, tokenAnswer } from '../../../fixtures/token-server.js';

const USER: Login = { kind: 'password', username: 'me', password: 'secret' };
const as =
  (login: Login | undefined): Logins =>
  () =>
    Promise.resolve(login);
const json = (value: object, status = 200): StandInAnswer => ({ status, body: JSON.stringify(value) });

describe('a registry with a token server', () => {
  let registry: Registry;
  let tokens: RegistryStandIn;
  before(async function () {
    tokens = await RegistryStandIn.start();
    tokens.on('GET /token', ({ path, authorization }) => tokenAnswer(path, authorization, USER));
    registry = await Registry.start(this, { token: { realm: `http://${tokens.host}/token`, certificate } });
    registry.authorization = `Bearer ${registryToken('repository:team/app:pull,push')}`;
  });
  after(async () => {
    await (registry as Registry | undefined)?.stop();
    await tokens.stop();
  });

  it('gets one token for a repository', async () => {
    tokens.requests.length = 0;
    const { digest } = await registry.image('team/app', { tag: 'v1', labels: { a: 'b' } });
    const registries = imageRegistries({ logins: as(USER) });
    const find = async (reference: string): Promise<ImageAnswer> =>
      await registries.find({ repository: `${registry.host}/team/app`, reference, labels: true });
    const found = { state: 'found', digest, labels: { a: 'b' } };
    expect(await Promise.all([find('v1'), find('v2'), find(digest)])).to.deep.equal([
      found,
      { state: 'absent' },
      found,
    ]);
    expect(tokens.calls).to.deep.equal([
      'GET /token?service=test-registry&scope=repository%3Ateam%2Fapp%3Apull',
    ]);
  });

  it('says what the token server says', async () => {
    const question = { repository: `${registry.host}/team/app`, reference: 'v1' };
    expect(await imageRegistries().find(question)).to.deep.equal({
      state: 'unknown',
      why: `Registry at http://${tokens.host}: a login is needed (401 UNAUTHORIZED: who are you)`,
    });
    const wrong = { ...USER, password: 'wrong' };
    expect(await imageRegistries({ logins: as(wrong) }).find(question)).to.deep.equal({
      state: 'unknown',
      why: `Registry at http://${tokens.host}: the login was refused (401 UNAUTHORIZED: who are you)`,
    });
  });
});

describe('the token of a registry', () => {
  let registry: RegistryStandIn;
  let digest: string;
  /** Tokens that the registry takes. */
  let valid: string[];
  const question = (): { repository: string; reference: string } => ({
    repository: `${registry.host}/team/app`,
    reference: 'v1',
  });
  const challenge = (realm = `http://${registry.host}/token`): StandInAnswer => ({
    status: 401,
    headers: { 'www-authenticate': `Bearer realm="${realm}",service="s"` },
  });
  const manifests = (): void => {
    digest = registry.manifest('team/app', 'v1', {
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      schemaVersion: 2,
    });
    registry.on('HEAD /v2/team/app/manifests/v1', ({ authorization }) =>
      valid.some((token) => authorization === `Bearer ${token}`)
        ? {
            status: 200,
            headers: {
              'docker-content-digest': digest,
              'content-type': 'application/vnd.oci.image.manifest.v1+json',
            },
          }
        : challenge(),
    );
  };
  beforeEach(async () => {
    valid = ['t1'];
    registry = await RegistryStandIn.start();
    registry.on('GET /v2/', () => challenge());
    manifests();
  });
  afterEach(async () => {
    await registry.stop();
  });
  const found = (): object => ({ state: 'found', digest, labels: {} });

  for (const field of ['token', 'access_token'])
    it(`is in the field ${field}`, async () => {
      registry.on('GET /token', () => json({ [field]: 't1' }));
      expect(await imageRegistries({ logins: as(undefined) }).find(question())).to.deep.equal(found());
    });

  it('is got for an identity token with OAuth 2', async () => {
    registry.on('POST /token', ({ body }) => {
      const form = Object.fromEntries(new URLSearchParams(body));
      expect(form).to.deep.equal({
        grant_type: 'refresh_token',
        service: 's',
        scope: 'repository:team/app:pull',
        client_id: 'kfops',
        refresh_token: 'r',
      });
      return json({ access_token: 't1' });
    });
    const registries = imageRegistries({ logins: as({ kind: 'identity token', token: 'r' }) });
    expect(await registries.find(question())).to.deep.equal(found());
  });

  it('is the login itself where that is one', async () => {
    const registries = imageRegistries({ logins: as({ kind: 'registry token', token: 't1' }) });
    expect(await registries.find(question())).to.deep.equal(found());
    expect(registry.calls).to.deep.equal(['HEAD /v2/team/app/manifests/v1']);
  });

  it('is got again once it has run out, and only then', async () => {
    registry.on('GET /token', (_, count) => json({ token: `t${count + 1}` }));
    const registries = imageRegistries();
    expect(await registries.find(question())).to.deep.equal(found());
    valid = ['t2'];
    registry.on('HEAD /v2/team/app/manifests/v2', ({ authorization }) =>
      authorization === 'Bearer t2' ? { status: 404 } : challenge(),
    );
    expect(await registries.find({ ...question(), reference: 'v2' })).to.deep.equal({ state: 'absent' });
    valid = [];
    registry.requests.length = 0;
    const denied = await imageRegistries().find(question());
    expect(denied).to.have.property('state', 'unknown');
    expect(registry.calls).to.deep.equal([
      'GET /token?service=s&scope=repository%3Ateam%2Fapp%3Apull',
      'HEAD /v2/team/app/manifests/v1',
    ]);
  });

  it('is got where only the request is refused, not the first question', async () => {
    registry.on('GET /v2/', () => ({ status: 200 }));
    registry.on('GET /token', () => json({ token: 't1' }));
    expect(await imageRegistries().find(question())).to.deep.equal(found());
  });

  for (const [name, answer, why] of [
    ['no JSON', { status: 200, body: '<html>' }, 'has no token (status 200)'],
    ['no token', json({ token: '' }), 'has no token (status 200)'],
    ['a token with a line break', json({ token: 'a\nb' }), 'has no token (status 200)'],
    ['not found', { status: 404 }, 'has no token (status 404)'],
    [
      'a redirect',
      { status: 302, headers: { location: 'http://127.0.0.1:1/' } },
      'has no token (status 302)',
    ],
  ] as const)
    it(`is missing in an answer with ${name}`, async () => {
      registry.on('GET /token', () => answer);
      const asked = await imageRegistries({ logins: as(USER) }).find(question());
      expect(asked).to.deep.equal({
        state: 'unknown',
        why: `Registry at http://${registry.host}: the token server's answer ${why}`,
      });
    });

  for (const realm of ['ftp://x/', 'file:///etc/passwd', 'x', 'http://user:pass@127.0.0.1/'])
    it(`is not asked for at ${realm}`, async () => {
      registry.on('GET /v2/', () => challenge(realm));
      const asked = await imageRegistries({ logins: as(USER) }).find(question());
      expect(asked).to.deep.equal({
        state: 'unknown',
        why: `Registry at http://${registry.host}: it names a token server without https`,
      });
    });

  it('needs a login that can be read', async () => {
    const registries = imageRegistries({ logins: () => Promise.reject(new LoginError('no helper here')) });
    expect(await registries.find(question())).to.deep.equal({
      state: 'unknown',
      why: `Registry at http://${registry.host}: no helper here`,
    });
  });
});
