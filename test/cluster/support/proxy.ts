import { createServer as createTlsServer } from 'node:https';
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server of this process that pods reach. */
export interface TestServer {
  /** `host:port` */
  readonly address: string;
  close(): Promise<void>;
}

/**
 * Serves `handler` at an address that pods reach.
 *
 * @param options.port - default: a free one
 * @param options.tls - https, with this certificate
 */
export async function serve(
  host: string,
  handler: (request: IncomingMessage, response: ServerResponse) => void,
  {
    port = 0,
    tls,
  }: { readonly port?: number; readonly tls?: { readonly cert: string; readonly key: string } } = {},
): Promise<TestServer> {
  const server = tls ? createTlsServer(tls, handler) : createServer(handler);
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  return {
    address: `${host}:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}

/** Passes requests on to another server, but those that `answer` answers itself. */
export function proxyTo(
  target: string,
  answer: (request: IncomingMessage, response: ServerResponse) => boolean,
): (request: IncomingMessage, response: ServerResponse) => void {
  const [host, port] = target.split(':');
  return (request, response) => {
    if (answer(request, response)) {
      request.resume();
      return;
    }
    // The Host header goes through, so that the registry's own links lead back here.
    const onward = httpRequest(
      { host, port, method: request.method, path: request.url, headers: request.headers },
      (incoming) => {
        response.writeHead(incoming.statusCode ?? 502, incoming.headers);
        incoming.pipe(response);
      },
    );
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  };
}
