import { expect } from 'chai';
import { stringify } from 'yaml';

import type { Check } from '../../argo/doctor/doctor.js';
import { Registry } from '../fixtures/registry.js';
import { S3Server } from '../fixtures/s3-server.js';
import { kfops } from './kfops.js';
import { temporaryFolder, write } from './project.js';

describe('kfops doctor with the settings of the server', () => {
  const cwd = temporaryFolder();
  let registry: Registry;
  let s3: S3Server;

  before(async function () {
    registry = await Registry.start(this);
    s3 = await S3Server.start();
  });
  after(async () => {
    await s3.stop();
    await registry.stop();
  });

  async function stateOf(server: object, env = {}): Promise<Record<string, Check['state'] | undefined>> {
    const settings = { minio: { endpoint: s3.endpoint }, registries: [`${registry.host}/team`], server };
    write(cwd, {
      access: 'test-access-key\n',
      secret: 'test-secret-key\n',
      'settings.yaml': stringify(settings),
    });
    const { stdout } = await kfops(['doctor', '--json', '--settings', 'settings.yaml'], { cwd, env });
    const checks = new Map((JSON.parse(stdout) as Check[]).map((check) => [check.name, check.state]));
    return { store: checks.get('Object store'), registry: checks.get(`Registry ${registry.host}`) };
  }
  const minio = { access_key_file: 'access', secret_key_file: 'secret' };

  it('uses its keys of the object store, and http for its insecure registries', async () => {
    const server = { insecure_registries: [registry.host], minio };
    expect(await stateOf(server)).to.deep.equal({ store: 'ok', registry: 'ok' });
  });

  it('uses its address of the object store', async () => {
    expect((await stateOf({ minio: { ...minio, endpoint: '127.0.0.1:9' } })).store).to.equal('problem');
  });

  it('prefers the keys of the environment', async () => {
    const env = { KFOPS_MINIO_ACCESS_KEY: 'other', KFOPS_MINIO_SECRET_KEY: 'other' };
    expect((await stateOf({ minio }, env)).store).to.equal('problem');
  });

  it('needs the keys and a registry with https otherwise', async () => {
    const elsewhere = { access_key_file: 'nowhere', secret_key_file: 'secret' };
    expect(await stateOf({ minio: elsewhere })).to.deep.equal({ store: 'problem', registry: 'problem' });
  });
});
