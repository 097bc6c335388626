import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';

import {
  dockerConfigPath,
  dockerLogins,
  parseDockerConfig,
} from '../../../../stores/registry/docker-config.js';
import { LoginError, type Login } from '../../../../stores/registry/logins.js';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const password = (username: string, secret: string): Login => ({
  kind: 'password',
  username,
  password: secret,
});

async function problemOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).to.be.instanceOf(LoginError);
  return (error as LoginError).message;
}

describe('the logins in Docker’s config.json', () => {
  const login = async (config: object, host: string): Promise<Login | undefined> =>
    await parseDockerConfig(JSON.stringify(config), 'config.json', { env: {} })(host);

  for (const key of ['ghcr.io', 'https://ghcr.io', 'http://ghcr.io/', 'https://ghcr.io/v1/', 'GHCR.io/v2'])
    it(`under ${key}`, async () => {
      const config = {
        auths: { 'other.example': { auth: base64('x:y') }, [key]: { auth: base64('a:b:c') } },
      };
      expect(await login(config, 'ghcr.io')).to.deep.equal(password('a', 'b:c'));
      expect(await login(config, 'ghcr.io:443')).to.equal(undefined);
    });

  for (const key of ['https://index.docker.io/v1/', 'docker.io', 'index.docker.io', 'registry-1.docker.io'])
    it(`of Docker Hub under ${key}`, async () => {
      expect(await login({ auths: { [key]: { auth: base64('a:b') } } }, 'docker.io')).to.deep.equal(
        password('a', 'b'),
      );
    });

  it('in every form', async () => {
    const auths = {
      'plain.example': { username: 'a', password: 'b' },
      'identity.example': { auth: base64('00000000-0000-0000-0000-000000000000:'), identitytoken: 't' },
      'registry.example:5000': { registrytoken: 't' },
      'empty.example': {},
      'part.example/team': { auth: base64('x:y') },
    };
    expect(await login({ auths }, 'plain.example')).to.deep.equal(password('a', 'b'));
    expect(await login({ auths }, 'identity.example')).to.deep.equal({ kind: 'identity token', token: 't' });
    expect(await login({ auths }, 'registry.example:5000')).to.deep.equal({
      kind: 'registry token',
      token: 't',
    });
    for (const host of ['empty.example', 'part.example', 'none.example', '__proto__'])
      expect(await login({ auths }, host), host).to.equal(undefined);
  });

  it('are refused where they are broken', async () => {
    expect(
      await problemOf(login({ auths: { 'a.example': { auth: base64('nocolon') } } }, 'a.example')),
    ).to.equal('`auth` of a.example in config.json is not user:password in base64');
    expect(() => parseDockerConfig('[]', 'f', { env: {} })).to.throw(LoginError, 'f is not a JSON object');
  });
});

describe('a credential helper', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kfops-helper-'));
  const env = { PATH: `${folder}:${process.env.PATH ?? ''}`, ASKED: join(folder, 'asked') };
  after(() => {
    rmSync(folder, { recursive: true });
  });
  const helper = (name: string, script: string): void => {
    const path = join(folder, `docker-credential-${name}`);
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
  };
  const ask = async (config: object, host = 'ghcr.io', timeoutMs = 5000): Promise<Login | undefined> =>
    await parseDockerConfig(JSON.stringify(config), 'config.json', { env, timeoutMs })(host);

  before(() => {
    helper(
      'works',
      '[ "$1" = get ] && echo "{\\"ServerURL\\":\\"x\\",\\"Username\\":\\"u\\",\\"Secret\\":\\"$(cat)\\"}"',
    );
    helper('token', 'echo \'{"Username":"<token>","Secret":"t"}\'');
    helper('empty', 'echo "credentials not found in native keychain"; exit 1');
    helper('fails', 'echo no >&2; exit 3');
    helper('odd', 'echo hello');
    helper('hangs', 'exec sleep 60');
  });

  it('gets the host on its input', async () => {
    expect(await ask({ credsStore: 'works' })).to.deep.equal(password('u', 'ghcr.io'));
    expect(await ask({ credsStore: 'works' }, 'docker.io')).to.deep.equal(
      password('u', 'https://index.docker.io/v1/'),
    );
  });

  it('is the one of the registry', async () => {
    const config = { credHelpers: { 'ghcr.io': 'token' }, credsStore: 'works' };
    expect(await ask(config)).to.deep.equal({ kind: 'identity token', token: 't' });
    expect(await ask(config, 'quay.io')).to.deep.equal(password('u', 'quay.io'));
  });

  it('gives way to a written login where it has none', async () => {
    const auths = { 'ghcr.io': { auth: base64('a:b') } };
    for (const credsStore of ['empty', 'fails', 'missing'])
      expect(await ask({ credsStore, auths }), credsStore).to.deep.equal(password('a', 'b'));
    expect(await ask({ credsStore: 'empty' })).to.equal(undefined);
  });

  for (const [name, problem] of [
    ['missing', 'the credential helper docker-credential-missing is not installed here'],
    ['fails', 'the credential helper docker-credential-fails failed (3)'],
    ['odd', 'the credential helper docker-credential-odd put out something else than a login'],
    ['../evil', '`../evil` is not the name of a credential helper'],
    ['a b', '`a b` is not the name of a credential helper'],
  ] as const)
    it(`${name}: ${problem}`, async () => {
      expect(await problemOf(ask({ credsStore: name }))).to.equal(problem);
    });

  it('is ended after its time', async () => {
    expect(await problemOf(ask({ credsStore: 'hangs' }, 'ghcr.io', 200))).to.equal(
      'the credential helper docker-credential-hangs did not end within 0.2 s',
    );
  });
});

describe('the file of Docker’s logins', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kfops-docker-config-'));
  after(() => {
    rmSync(folder, { recursive: true });
  });

  it('is where Docker has it', () => {
    expect(dockerConfigPath({ DOCKER_CONFIG: '/kaniko/.docker/' })).to.equal('/kaniko/.docker/config.json');
    expect(dockerConfigPath({}, '/home/me')).to.equal('/home/me/.docker/config.json');
    expect(dockerConfigPath({ DOCKER_CONFIG: '' }, '/home/me')).to.equal('/home/me/.docker/config.json');
  });

  it('may be missing where Docker has it, and not where it was named', async () => {
    const env = { DOCKER_CONFIG: join(folder, 'none') };
    expect(await dockerLogins(undefined, { env })('ghcr.io')).to.equal(undefined);
    expect(await problemOf(dockerLogins(join(folder, 'none.json'), { env })('ghcr.io'))).to.match(
      /none\.json does not exist$/,
    );
  });

  it('gives its logins, and an error where it cannot be read', async () => {
    mkdirSync(join(folder, 'folder.json'));
    expect(await problemOf(dockerLogins(join(folder, 'folder.json'), { env: {} })('ghcr.io'))).to.match(
      /cannot be read \(EISDIR\)$/,
    );
    const text = JSON.stringify({ auths: { 'ghcr.io': { auth: base64('a:b') } } });
    writeFileSync(join(folder, 'config.json'), text);
    const env = { DOCKER_CONFIG: folder };
    expect(await dockerLogins(join(folder, 'config.json'), { env: {} })('ghcr.io')).to.deep.equal(
      password('a', 'b'),
    );
    expect(await dockerLogins(undefined, { env })('ghcr.io')).to.deep.equal(password('a', 'b'));
  });
});
