import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

import { clientFor, type ClusterClient } from '../../../argo/client/client.js';
import { listenAsApi } from '../../fixtures/loopback-api.js';

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
  const { kubeConfig, close } = await listenAsApi(server);
  return {
    client: clientFor(kubeConfig, timeout === undefined ? {} : { timeoutMs: timeout }),
    requests,
    close,
  };
}

export function json(response: ServerResponse, status: number, body: unknown, headers: object = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}
