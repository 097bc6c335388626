import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { KubeConfig } from '@kubernetes/client-node';

import { clientFor, type ClusterClient } from '../../../argo/client/client.js';

/** Answers one request of the API; the body is read already. */
export type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;

/** An API server of which a test decides every answer. */
export interface FakeApi {
  readonly client: ClusterClient;
  /** `GET /path` of every request. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

export async function fakeApi(handler: Handler, timeout?: number): Promise<FakeApi> {
  const requests: string[] = [];
  const server: Server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      requests.push(`${request.method ?? ''} ${request.url ?? ''}`);
      handler(request, response, body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromClusterAndUser(
    {
      name: 'fake',
      server: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      skipTLSVerify: true,
    },
    { name: 'user-of-the-test', token: 'token' },
  );
  return {
    client: clientFor(kubeConfig, timeout === undefined ? {} : { timeoutMs: timeout }),
    requests,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}

export function json(response: ServerResponse, status: number, body: unknown, headers: object = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}
