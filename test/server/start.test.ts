import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import { expect } from 'chai';
import { parse } from 'yaml';

import { kfops } from '../cli/kfops.js';
import { ServerProcess, ServerWorld } from './harness.js';

const SHIPPED = new URL('../../deploy/server/2-settings.yaml', import.meta.url);

/** What docs/server.md says to do with the settings that are shipped. */
describe('the start of a server', function () {
  this.timeout(300_000);
  let world: ServerWorld;
  let folder: string;
  before(async () => {
    world = await ServerWorld.start();
  });
  after(() => world.stop());
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kfops-start-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** The shipped settings, with files in a folder of the test and any free port. */
  function settings(change = (text: string) => text): string {
    const { data } = parse(readFileSync(SHIPPED, 'utf8')) as { data: Record<string, string> };
    const text = change(data['settings.yaml'] ?? '')
      .replace(/\/etc\/kfops\/\w+\/([\w-]+)/g, (_, name: string) => join(folder, name))
      .replace('server:\n', `server:\n  address: 127.0.0.1\n  port: 0\n  cache: {folder: ${folder}/cache}\n`);
    const file = join(folder, 'settings.yaml');
    writeFileSync(file, text);
    return file;
  }

  const withApp = (text: string) => text.replace(/# (app:| {2}id: 1| {2}private_key_file:)/g, '$1');

  async function start(file: string): Promise<ServerProcess> {
    const env = { HOME: folder, TMPDIR: folder, ...world.env() };
    return ServerProcess.start({ settings: file, kubeconfig: world.kubeconfig() }, env);
  }

  it('opens the set-up with the settings as shipped', async () => {
    const file = settings();
    const env = { HOME: folder, TMPDIR: folder, ...world.env() };
    const { code, stderr } = await kfops(['serve', '--settings', file, '--kubeconfig', world.kubeconfig()], {
      cwd: folder,
      env,
      during: (child) => {
        child.stdout?.on('data', (text: Buffer) => {
          if (text.includes('listening for the set-up only')) child.kill('SIGTERM');
        });
      },
    });
    expect(stderr).to.include('No GitHub App is set up yet');
    expect(code).to.be.oneOf([0, null]);
  });

  it('reports all that is wrong with settings, files and kubeconfig at once, each at its line', async () => {
    const file = settings(withApp);
    writeFileSync(join(folder, 'private-key.pem'), 'no key');
    writeFileSync(join(folder, 'webhook-secret'), '\n');
    const { code, stderr } = await kfops(['serve', '--settings', file, '--kubeconfig', 'missing'], {
      cwd: folder,
    });
    expect(code).to.equal(2);
    for (const problem of [
      "private-key.pem` with the GitHub App's private key doesn't hold a private key (PEM)",
      "webhook-secret` with the webhook's secret is empty",
      "accesskey` with the access key of the object store doesn't exist",
      "secretkey` with the secret key of the object store doesn't exist",
      'missing',
    ])
      expect(stderr.replace(/\s+/g, ' ')).to.include(problem);
    for (const name of ['private-key.pem', 'webhook-secret', 'accesskey', 'secretkey']) {
      const line = readFileSync(file, 'utf8')
        .split('\n')
        .findIndex((each) => each.includes(join(folder, name)));
      expect(stderr).to.match(new RegExp(`${basename(file)}:${line + 1}:\\d+`));
    }
    expect(stderr).to.not.include('no key');
  });

  it('listens once they are filled in', async () => {
    const file = settings(withApp);
    writeFileSync(join(folder, 'private-key.pem'), world.github.privateKey);
    for (const name of ['webhook-secret', 'accesskey', 'secretkey'])
      writeFileSync(join(folder, name), 'secret');
    const server = await start(file);
    expect(server.port).to.be.greaterThan(0);
    await server.stop();
  });
});
