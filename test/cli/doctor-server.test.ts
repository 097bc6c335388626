import { expect } from 'chai';
import { stringify } from 'yaml';

import type { Check } from '../../argo/doctor/doctor.js';
import { GitHubServer } from '../fixtures/github/index.js';
import { Registry } from '../fixtures/registry.js';
import { S3Server } from '../fixtures/s3-server.js';
import { kfops, type Result } from './kfops.js';
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

describe('kfops doctor --server', () => {
  const cwd = temporaryFolder();
  let github: GitHubServer;

  before(async () => {
    github = await GitHubServer.start();
    github.world.addRepository('acme/churn');
  });
  after(() => github.stop());
  afterEach(() => {
    github.recover();
  });

  async function doctor(
    server: object,
    ...args: readonly string[]
  ): Promise<Result & { readonly checks: Check[] }> {
    write(cwd, {
      'key.pem': github.privateKey,
      'settings.yaml': stringify({ server: { repositories: ['acme/churn'], ...server } }),
    });
    const env = { GITHUB_API_URL: github.apiUrl, GITHUB_SERVER_URL: 'https://github.example.com' };
    const result = await kfops(['doctor', '--json', '--settings', 'settings.yaml', ...args], { cwd, env });
    const all = JSON.parse(result.stdout) as Check[];
    return { ...result, checks: all.filter(({ name }) => /^(?:GitHub|Inst|Webhook|Deliv)/.test(name)) };
  }
  const app = { github: { app: { id: 4711, private_key_file: 'key.pem' } } };

  it('adds what GitHub gives the App of the settings', async () => {
    const { checks } = await doctor(app, '--server');
    expect(checks.map(({ name, state }) => `${name} ${state}`)).to.deep.equal([
      'GitHub ok',
      'GitHub App ok',
      'Installation in acme ok',
      'Webhook ok',
      'Deliveries unknown',
    ]);
    expect((await doctor(app)).checks).to.deep.equal([]);
  });

  it('fails, with the page on this GitHub where the App is corrected', async () => {
    const { asks } = github.world.setup;
    const { events } = asks;
    asks.events = ['issue_comment'];
    const { checks, code } = await doctor(app, '--server');
    asks.events = events;
    expect(code).to.equal(1);
    expect(checks[1]?.nextStep).to.include(
      'https://github.example.com/organizations/example-org/settings/apps/kfops-test/permissions',
    );
  });

  it('ends if GitHub hangs', async () => {
    github.misbehave({ stall: true }, { times: Infinity });
    const { checks, code, stderr } = await doctor(app, '--server', '--timeout', '1');
    expect(checks).to.have.length(1);
    expect(checks[0]).to.include({ name: 'GitHub', state: 'problem' });
    expect(checks[0]?.found).to.include('GET /app failed: no answer in time');
    expect(stderr).to.include('waiting for GitHub');
    expect(code).to.equal(1);
  });

  it('needs the settings of a server', async () => {
    const { checks } = await doctor({}, '--server');
    expect(checks).to.have.length(1);
    expect(checks[0]?.found).to.equal('the settings have no credentials for GitHub');
    expect(checks[0]?.nextStep).to.include('--settings');
  });
});
