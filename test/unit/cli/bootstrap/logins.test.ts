import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';

import type { BootstrapFlags } from '../../../../cli/bootstrap/flags.js';
import { loginsOf } from '../../../../cli/bootstrap/logins.js';
import { ownSecrets } from '../../../../cli/bootstrap/secrets.js';
import type { Diagnostic } from '../../../../schema/index.js';
import { fakeIo } from '../fake-io.js';
import { CHOICES } from './support.js';

const auth = (user: string): string => Buffer.from(`${user}:canary`).toString('base64');
const REGISTRIES = ['ghcr.io/acme/ml'];

describe('the registry logins of kfops bootstrap', () => {
  let cwd: string;
  before(() => {
    cwd = mkdtempSync(join(tmpdir(), 'kfops-logins-'));
    const write = (name: string, users: Readonly<Record<string, string>>): void => {
      const auths = Object.fromEntries(
        Object.entries(users).map(([host, user]) => [host, { auth: auth(user) }]),
      );
      writeFileSync(join(cwd, name), JSON.stringify({ auths }));
    };
    write('all', { 'ghcr.io': 'builds', 'quay.io': 'images', 'other.example': 'other' });
    write('images', { 'https://ghcr.io': 'images' });
  });
  after(() => {
    rmSync(cwd, { recursive: true, force: true });
  });

  /** Users by host in each Secret, `namespace/name`. */
  async function secrets(imagesRegistry: string, flags: BootstrapFlags): Promise<object> {
    const problems: Diagnostic[] = [];
    const places = { registries: REGISTRIES, imagesRegistry };
    const logins = await loginsOf({ io: fakeIo({ cwd }) }, flags, places, problems);
    expect(problems).to.deep.equal([]);
    const choices = { ...CHOICES, ...logins };
    const objects = ownSecrets(choices, { endpoint: 's3.example:443', from: 'flag' });
    return Object.fromEntries(
      objects.flatMap(({ metadata: { name, namespace }, data }) => {
        const text = (data as Record<string, string>)['.dockerconfigjson'];
        if (text === undefined) return [];
        const { auths } = JSON.parse(Buffer.from(text, 'base64').toString()) as {
          auths: Record<string, { auth: string }>;
        };
        const users = Object.entries(auths).map(([host, entry]) => [
          host,
          Buffer.from(entry.auth, 'base64').toString().split(':')[0],
        ]);
        return [[`${namespace}/${name}`, Object.fromEntries(users) as object]];
      }),
    );
  }

  it('keep the login for Kfops’ images from builds where it is for another host', async () => {
    expect(await secrets('quay.io/acme/kfops', { registryLogin: 'all' })).to.deep.equal({
      'builds/registry-login': { 'ghcr.io': 'builds' },
      'chat/kfops-registry': { 'ghcr.io': 'builds', 'quay.io': 'images' },
      'builds/kfops-images-login': { 'quay.io': 'images' },
      'chat/kfops-images-login': { 'quay.io': 'images' },
    });
  });

  it('are one at the same host', async () => {
    expect(await secrets('ghcr.io/acme/kfops', { registryLogin: 'all' })).to.deep.equal({
      'builds/registry-login': { 'ghcr.io': 'builds' },
      'chat/kfops-registry': { 'ghcr.io': 'builds' },
    });
  });

  it('are two at the same host with --images-registry-login', async () => {
    const flags: BootstrapFlags = { registryLogin: 'all', imagesRegistryLogin: 'images' };
    expect(await secrets('ghcr.io/acme/kfops', flags)).to.deep.equal({
      'builds/registry-login': { 'ghcr.io': 'builds' },
      'chat/kfops-registry': { 'ghcr.io': 'builds' },
      'builds/kfops-images-login': { 'https://ghcr.io': 'images' },
      'chat/kfops-images-login': { 'https://ghcr.io': 'images' },
    });
  });

  it('that are wrong are reported at their flag', async () => {
    const problems: Diagnostic[] = [];
    const places = { registries: REGISTRIES, imagesRegistry: 'quay.io/acme/kfops' };
    const flags: BootstrapFlags = { registryLogin: 'nowhere', imagesRegistryLogin: 'images' };
    expect(await loginsOf({ io: fakeIo({ cwd }) }, flags, places, problems)).to.deep.equal({});
    expect(problems.map(({ file, message }) => `${file}: ${message}`)).to.deep.equal([
      '--images-registry-login: `images` has no login for quay.io',
      "--registry-login: `nowhere` doesn't exist",
    ]);
  });
});
