import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

import { endsWithTests } from '../../support/interrupted.js';
import { NAMESPACE } from './environment.js';

/** Argo's server as a process of this machine. */
export interface RunningArgoServer {
  /** `127.0.0.1:port`, https with a certificate that it made up for itself. */
  readonly address: string;
  /** Ends it. */
  close(): Promise<void>;
}

/**
 * Starts Argo's server as its own installation has it: with the token of whoever asks, behind a certificate that nobody
 * can check.
 *
 * @param argo - Argo's command
 * @param kubeconfig - of somebody who may read the controller's ConfigMap
 */
export async function startArgoServer(argo: string, kubeconfig: string): Promise<RunningArgoServer> {
  const port = await freePort();
  const child = spawn(
    argo,
    [
      ...['server', '--auth-mode', 'client', '--port', String(port)],
      ...['--namespaced', '--managed-namespace', NAMESPACE, '--namespace', 'argo'],
    ],
    { env: { PATH: process.env.PATH, KUBECONFIG: kubeconfig }, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  endsWithTests(child);
  const ended = once(child, 'exit');
  let log = '';
  const started = new Promise<void>((resolve) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      log += text;
      if (log.includes('Argo Server started successfully')) resolve();
    });
  });
  await Promise.race([
    started,
    ended.then(() => {
      throw new Error(`Argo's server ended at once:\n${log}`);
    }),
  ]);
  return {
    address: `127.0.0.1:${port}`,
    close: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
