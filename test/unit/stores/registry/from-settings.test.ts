import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';

import { parseSettings, type Settings } from '../../../../schema/index.js';
import {
  allowedHosts,
  personalRegistries,
  serverRegistries,
} from '../../../../stores/registry/from-settings.js';
import { RegistryStandIn } from '../../../fixtures/registry-stand-in.js';

const settings = (text: string): Settings => parseSettings(text, { file: 'settings.yaml' }).value;
const { signal } = new AbortController();

describe('threat 71: the hosts that a server asks', () => {
  it('are those of its registries and of its list', () => {
    const isAllowed = allowedHosts(
      settings(`
registries: [registry.example.com/my-team, my-profile]
registry: {hosts: [GHCR.io, '*.gcr.io']}
`),
    );
    for (const host of ['registry.example.com', 'docker.io', 'index.docker.io', 'ghcr.io', 'eu.gcr.io'])
      expect(isAllowed(host), host).to.equal(true);
    for (const host of [
      'quay.io',
      'gcr.io',
      'evilgcr.io',
      'registry.example.com:5000',
      'registry.example.com.evil.example',
      'localhost:5000',
      '169.254.169.254',
    ])
      expect(isAllowed(host), host).to.equal(false);
  });

  it('are the well-known ones by default, and none inside the network', () => {
    const isAllowed = allowedHosts(settings('registries: [registry.example.com/my-team]'));
    for (const host of ['docker.io', 'ghcr.io', 'quay.io', 'mcr.microsoft.com'])
      expect(isAllowed(host), host).to.equal(true);
    for (const host of ['kubernetes.default.svc:443', '10.0.0.1:5000', 'localhost'])
      expect(isAllowed(host), host).to.equal(false);
  });

  it('are asked, and no others', async () => {
    const [own, other] = [await RegistryStandIn.start(), await RegistryStandIn.start()];
    try {
      const registries = serverRegistries(settings(`registries: ['${own.host}/team']`), { signal, env: {} });
      for (const { host } of [own, other])
        await registries.find({ repository: `${host}/team/app`, reference: 'v1' });
      expect(own.requests).to.not.deep.equal([]);
      expect(other.requests).to.deep.equal([]);
    } finally {
      await Promise.all([own.stop(), other.stop()]);
    }
  });
});

describe('threat 72: the logins with which registries are asked', () => {
  let registry: RegistryStandIn;
  let folder: string;
  const file = (name: string, host: string): string => {
    const path = join(folder, name);
    const auth = Buffer.from(`${name}:secret`).toString('base64');
    writeFileSync(path, JSON.stringify({ auths: { [host]: { auth } } }));
    return path;
  };
  const sent = (): Set<string | undefined> =>
    new Set(registry.requests.slice(1).map(({ authorization }) => authorization));
  const basic = (name: string): string => `Basic ${Buffer.from(`${name}:secret`).toString('base64')}`;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kfops-logins-'));
    registry = await RegistryStandIn.start();
    registry.on('GET /v2/', () => ({ status: 401, headers: { 'www-authenticate': 'Basic' } }));
  });
  afterEach(async () => {
    rmSync(folder, { recursive: true });
    await registry.stop();
  });

  const ask = async (open: typeof serverRegistries, more = ''): Promise<void> => {
    file('config.json', registry.host);
    const registries = open(settings(`registries: ['${registry.host}/team']\n${more}`), {
      signal,
      env: { DOCKER_CONFIG: folder },
    });
    await registries.find({ repository: `${registry.host}/team/app`, reference: 'v1' });
  };

  it('of a server, are none by default: not those of Docker', async () => {
    await ask(serverRegistries);
    expect(sent()).to.deep.equal(new Set([undefined]));
  });

  it('of a server, are those of the settings, each for its own host', async () => {
    await ask(serverRegistries, `registry: {credentials_file: ${file('own', registry.host)}}`);
    expect(sent()).to.deep.equal(new Set([basic('own')]));
    registry.requests.length = 0;
    await ask(serverRegistries, `registry: {credentials_file: ${file('another', 'ghcr.io')}}`);
    expect(sent()).to.deep.equal(new Set([undefined]));
  });

  it('of a person, are those of Docker by default', async () => {
    await ask(personalRegistries);
    expect(sent()).to.deep.equal(new Set([basic('config.json')]));
  });
});
