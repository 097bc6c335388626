import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';

import { expect } from 'chai';

import { kfops } from './kfops.js';
import { temporaryFolder, write, writeProject } from './project.js';

/** Nothing listens there. */
const CLOSED = 'http://127.0.0.1:1';

describe('kfops and a service that does not answer', () => {
  const cwd = temporaryFolder();
  let silent: Server;
  let address: string;
  before(async () => {
    writeProject(cwd, ['trainer']);
    // Takes every connection, and never says anything.
    silent = createServer((socket) => socket.on('error', () => undefined));
    await once(silent.listen(0, '127.0.0.1'), 'listening');
    address = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    for (const [name, server] of [
      ['silent', address],
      ['closed', CLOSED],
      ['unknown', 'https://cluster.invalid'],
    ]) {
      write(cwd, {
        [`${name}.kubeconfig`]: JSON.stringify({
          apiVersion: 'v1',
          kind: 'Config',
          clusters: [{ name: 'c', cluster: { server, 'insecure-skip-tls-verify': true } }],
          users: [{ name: 'u', user: { token: 't' } }],
          contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
          'current-context': 'c',
        }),
      });
    }
  });
  after(() => {
    silent.close();
  });
  const call = (cluster: string, ...args: string[]) =>
    kfops(args, { cwd, env: { KUBECONFIG: join(cwd, `${cluster}.kubeconfig`) } });

  for (const args of [
    ['status'],
    ['status', 'name'],
    ['watch', 'name'],
    ['logs', 'name', '-f'],
    ['cancel', 'name'],
  ]) {
    // With the time-out of ten minutes, a repetition would be seen by the test's own.
    it(`${args.join(' ')} ends at once when the connection is refused, or the host is unknown`, async () => {
      for (const cluster of ['closed', 'unknown']) {
        const { code, stdout, stderr } = await call(cluster, ...args, '--timeout', '10m');
        expect(stderr)
          .to.match(/^error: Kubernetes API at /)
          .and.not.to.include('waiting');
        expect({ code, stdout }).to.deep.equal({ code: 3, stdout: '' });
      }
    });

    it(`${args.join(' ')} says that it waits, and ends with --timeout`, async () => {
      const { code, stdout, stderr } = await call('silent', ...args, '--timeout', '3s');
      const [first, second] = stderr.split('\n');
      expect(first).to.equal(`waiting for the cluster at ${address}, retrying for 3 s`);
      expect(second).to.match(/^error: Kubernetes API at .*: no answer in time\.$/);
      expect({ code, stdout }).to.deep.equal({ code: 3, stdout: '' });
    });
  }

  it('an upload ends at once when MinIO refuses the connection, and says when it waits for MinIO', async () => {
    const keys = { KFOPS_MINIO_ACCESS_KEY: 'a', KFOPS_MINIO_SECRET_KEY: 'secret-key' };
    const upload = (endpoint: string, timeout: string) =>
      kfops(['generate', '--upload', '--timeout', timeout], {
        cwd,
        env: { ...keys, KFOPS_MINIO_ENDPOINT: endpoint },
      });
    const [refused, waited] = await Promise.all([upload(CLOSED, '10m'), upload(address, '3')]);
    expect(refused.stderr).to.include('Object store at http://127.0.0.1:1').and.not.to.include('waiting');
    expect(refused.code).to.equal(3);
    expect(waited.stderr.match(/waiting for/g)).to.have.length(1);
    expect(waited.stderr).to.include(`waiting for the object store at ${address}, retrying for 3 s\n`);
    expect(waited.code).to.equal(3);
  });

  it('takes durations as the settings do', async () => {
    for (const wrong of ['0', '-1', '1.5', '5 m', 'soon']) {
      const { code, stderr } = await call('closed', 'status', `--timeout=${wrong}`);
      expect(code).to.equal(2);
      expect(stderr).to.include('A duration is a whole number of seconds');
    }
  });
});
