import { mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'chai';

import { type LogLine, ServerProcess, ServerWorld } from './harness.js';

/** The settings file changes while the server runs. */
describe('changed settings', function () {
  this.timeout(300_000);
  let world: ServerWorld;
  let server: ServerProcess;
  let mount: string;
  let versions = 0;

  /** Changes the file as Kubernetes changes a mounted ConfigMap: it switches a symbolic link. */
  function mountText(text: string): void {
    const version = `..2026_${++versions}`;
    mkdirSync(join(mount, version));
    writeFileSync(join(mount, version, 'settings.yaml'), text);
    symlinkSync(version, join(mount, '..data_tmp'));
    renameSync(join(mount, '..data_tmp'), join(mount, '..data'));
  }
  const mountSettings = (more: object): void => {
    const file = world.writeSettings({ server: { reload_seconds: 0, ...more } });
    mountText(readFileSync(file, 'utf8'));
  };

  before(async () => {
    world = await ServerWorld.start();
    mount = join(world.folder, 'mount');
    mkdirSync(mount);
    mountSettings({});
    symlinkSync('..data/settings.yaml', join(mount, 'settings.yaml'));
    server = await ServerProcess.start(
      { settings: join(mount, 'settings.yaml'), kubeconfig: world.kubeconfig() },
      { HOME: world.folder, ...world.env() },
    );
    world.servers.push(server);
  });
  after(async () => {
    expect(world.github.problems).to.deep.equal([]);
    await world.stop();
  });

  const count = (msg: string): number => server.log.filter((line) => line.msg === msg).length;
  /** Waits until the server has started so many times. */
  const starts = (times: number): Promise<LogLine> =>
    server.line(({ msg }) => msg === 'listening' && count('listening') === times);
  const metric = async (): Promise<string | undefined> => {
    const response = await fetch(`http://127.0.0.1:${server.port}/metrics`);
    return /^kfops_settings_valid (\d)$/m.exec(await response.text())?.[1];
  };

  it('take effect without a restart, and the build that runs is reported to its end', async () => {
    const pull = world.openPull();
    await pull.answered(server, '/build', 'rocket');
    const workflow = await pull.workflow();
    mountSettings({ command_prefix: '/kfops' });
    await starts(2);
    expect(await metric()).to.equal('1');

    const other = world.openPull();
    await other.answered(server, '/kfops build', 'rocket');
    await other.workflow();
    world.argo.succeed(workflow);
    await pull.said('✅ Built 2 images');
    expect(server.child.exitCode).to.equal(null);
  });

  it('that are invalid are logged with their lines, and the previous ones stay', async () => {
    mountText('server:\n  nonsense: 1\n');
    await server.line(({ msg }) => msg.includes('keeping the previous ones'));
    expect(
      server.log.some(({ level, line, msg }) => level === 'error' && line === 2 && msg.includes('nonsense')),
    ).to.equal(true);
    expect(await metric()).to.equal('0');
    const pull = world.openPull();
    await pull.answered(server, '/kfops build', 'rocket');
    await pull.workflow();
    expect(count('listening')).to.equal(2);
  });

  it('that name a secret file that is missing are used once it is there', async () => {
    const secret = join(world.folder, 'second-secret');
    const file = world.writeSettings({ server: { reload_seconds: 0, command_prefix: '/k' } });
    const settings = JSON.parse(readFileSync(file, 'utf8')) as {
      server: { github: { webhook_secret_files: string[] } };
    };
    settings.server.github.webhook_secret_files.push(secret);
    mountText(JSON.stringify(settings));
    await server.line(({ msg }) => msg.includes('second-secret'));
    writeFileSync(secret, 'another');
    await starts(3);
    expect(await metric()).to.equal('1');
  });

  it('end with the server', async () => {
    mountSettings({ reload_seconds: 3600 });
    await server.line(({ msg }) => msg === 'settings changed; waiting before they are used');
    expect(await server.stop()).to.equal(0);
  });
});
