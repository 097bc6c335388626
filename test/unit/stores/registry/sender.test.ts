import { expect } from 'chai';

import type { Clock } from '../../../../common/clock.js';
import type { ImageAnswer } from '../../../../generator/ports.js';
import { imageRegistries } from '../../../../stores/registry/registries.js';
import { RegistryStandIn, type StandInAnswer } from '../../../fixtures/registry-stand-in.js';

const CLOCK: Clock = { now: () => 0, wait: () => Promise.resolve() };
const APPS = ['team/a', 'team/b', 'team/c', 'team/d', 'team/e'];
const manifestOf = (app: string): string => `HEAD /v2/${app}/manifests/v1`;

describe('requests for several images', () => {
  let registry: RegistryStandIn;
  let other: RegistryStandIn;
  let find: (host: string, app: string) => Promise<ImageAnswer>;
  beforeEach(async () => {
    [registry, other] = [await RegistryStandIn.start(), await RegistryStandIn.start()];
    // One at a time: how many requests there are does not depend on when they end.
    const registries = imageRegistries({ clock: CLOCK, concurrent: 1, timeoutMs: 500 });
    find = async (host, app) => await registries.find({ repository: `${host}/${app}`, reference: 'v1' });
  });
  afterEach(async () => {
    await Promise.all([registry.stop(), other.stop()]);
  });
  const findAll = async (): Promise<readonly ImageAnswer[]> =>
    await Promise.all(APPS.map(async (app) => await find(registry.host, app)));
  const answerAll = (answer: StandInAnswer): void => {
    for (const app of APPS) registry.on(manifestOf(app), () => answer);
  };
  const unknown = (at: RegistryStandIn, why: string): readonly ImageAnswer[] =>
    APPS.map(() => ({ state: 'unknown', why: `Registry at http://${at.host}: ${why}` }));

  it('end after two timeouts of the registry', async () => {
    answerAll('stall');
    expect(await findAll()).to.deep.equal(unknown(registry, 'it did not answer in time'));
    expect(registry.calls).to.have.length.within(1, 2);
    const before = registry.requests.length;
    expect(await find(registry.host, 'team/f')).to.have.property('state', 'unknown');
    expect(registry.requests).to.have.length(before);
    const digest = other.manifest('team/a', 'v1', {
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
    });
    expect(await find(other.host, 'team/a')).to.deep.equal({ state: 'found', digest, labels: {} });
  });

  it('end after two timeouts of the token server', async () => {
    const challenge = `Bearer realm="http://${other.host}/token"`;
    registry.on('GET /v2/', () => ({ status: 401, headers: { 'www-authenticate': challenge } }));
    other.on('GET /token', () => 'stall');
    expect(await findAll()).to.deep.equal(unknown(other, 'it did not answer in time'));
    expect(other.requests).to.have.length.within(1, 2);
    expect(registry.calls).to.deep.equal([]);
  });

  it('go on after two timeouts with an answer between them', async () => {
    answerAll({ status: 404 });
    for (const app of ['team/a', 'team/c'])
      registry.on(manifestOf(app), (_, count) => (count === 0 ? 'stall' : { status: 404 }));
    expect(await findAll()).to.deep.equal(APPS.map(() => ({ state: 'absent' })));
  });

  it('go on after one timeout', async () => {
    answerAll({ status: 404 });
    registry.on(manifestOf('team/a'), (_, count) => (count === 0 ? 'stall' : { status: 404 }));
    expect(await findAll()).to.deep.equal(APPS.map(() => ({ state: 'absent' })));
  });

  it('go on after other failures', async () => {
    answerAll('reset');
    expect(await findAll()).to.deep.equal(unknown(registry, 'the connection was closed'));
    expect(registry.calls).to.have.length(2 * APPS.length);
  });
});
