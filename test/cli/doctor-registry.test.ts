import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'chai';

import type { Check } from '../../argo/doctor/doctor.js';
import { ACCOUNT, Registry } from '../fixtures/registry.js';
import { kfops } from './kfops.js';
import { temporaryFolder, write, writeProject } from './project.js';

const SETTINGS = (file: string): string => `registry:\n  credentials_file: ${file}\n`;

describe('kfops doctor and a registry with passwords', () => {
  const cwd = temporaryFolder();
  let registry: Registry;

  before(async function () {
    registry = await Registry.start(this, 'password');
    writeProject(cwd, ['trainer', 'server']);
    const file = join(cwd, 'config_files/config.yaml');
    const config = readFileSync(file, 'utf8').replace(
      'container_registry_uri: registry.example.com/a-team-with-a-long-name\n',
      `container_registry_uri: ${registry.host}/team\n  insecure: true\n`,
    );
    const { username, password } = ACCOUNT;
    write(cwd, {
      'config_files/config.yaml': config,
      'right.json': logins(`${username}:${password}`),
      'wrong.json': logins(`${username}:guessed`),
      'other.json': JSON.stringify({ auths: {} }),
      'text.json': 'password',
      'reuse-off.yaml': 'build: { reuse: false }\n',
    });
    for (const name of ['right', 'wrong', 'other', 'text', 'none'])
      write(cwd, { [`${name}.yaml`]: SETTINGS(join(cwd, `${name}.json`)) });
  });
  after(() => registry.stop());

  function logins(pair: string): string {
    return JSON.stringify({ auths: { [registry.host]: { auth: Buffer.from(pair).toString('base64') } } });
  }

  async function checks(args: readonly string[], env = {}): Promise<Map<string, Check>> {
    const { stdout } = await kfops(['doctor', '--json', ...args], { cwd, env });
    const found = (JSON.parse(stdout) as Check[]).filter(({ name }) =>
      /^(Registry|Logins|Images) /.test(name),
    );
    return new Map(found.map((check) => [check.name, check]));
  }
  const of = (name: string): string => `${name} ${registry.host}`;

  it('finds that images can be looked up with the login of the settings', async () => {
    const found = await checks(['--settings', 'right.yaml']);
    expect([...found.keys()]).to.deep.equal(['Logins for registries', of('Registry'), of('Images in')]);
    expect([...found.values()].map(({ state }) => state)).to.deep.equal(['ok', 'ok', 'ok']);
  });

  it('takes Docker’s own logins where the settings name no file', async () => {
    write(cwd, { 'docker/config.json': readFileSync(join(cwd, 'right.json')) });
    const found = await checks([], { DOCKER_CONFIG: join(cwd, 'docker') });
    expect([...found.keys()]).to.deep.equal([of('Registry'), of('Images in')]);
    expect(found.get(of('Images in'))?.state).to.equal('ok');
  });

  it('tells a wrong password, and that none is there, with what to do', async () => {
    for (const name of ['wrong', 'other']) {
      const found = await checks(['--settings', `${name}.yaml`]);
      expect(found.get(of('Registry'))?.state, name).to.equal('ok');
      const images = found.get(of('Images in'));
      expect(images?.state, name).to.equal('problem');
      expect(images?.found, name).to.include('all are built each time').and.not.include('guessed');
      expect(images?.nextStep, name).to.include(`docker login ${registry.host}`);
    }
    const { found } = (await checks(['--settings', 'other.yaml'])).get('Logins for registries') ?? {};
    expect(found).to.match(new RegExp(`other\\.json, which has none for ${registry.host}$`));
  });

  it('tells a file that is not there, or is no config.json, without its content', async () => {
    for (const [name, problem] of [
      ['none', /none\.json does not exist$/],
      ['text', /text\.json is not a JSON object$/],
    ] as const) {
      const check = (await checks(['--settings', `${name}.yaml`])).get('Logins for registries');
      expect(check?.state, name).to.equal('problem');
      expect(check?.found, name).to.match(problem);
    }
  });

  it('looks up no image where reuse is off', async () => {
    expect([...(await checks(['--settings', 'reuse-off.yaml'])).keys()]).to.deep.equal([of('Registry')]);
  });
});
