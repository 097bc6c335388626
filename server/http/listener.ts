import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { ServiceError, type Settings } from '../../schema/index.js';
import type { Logger } from '../telemetry/log.js';
import type { Metrics } from '../telemetry/metrics.js';
import type { BodyLimits } from './body.js';
import { Connections } from './connections.js';
import { plain, send, type HttpResponse } from './response.js';
import { webhook, type Delivery } from './webhook.js';

export type { HttpResponse } from './response.js';
export { secretFiles, type SecretFilesOptions } from './secrets.js';
export type { Delivery } from './webhook.js';

/** Pages that stand beside those of {@link startHttp}. */
export type Pages = (url: URL) => Promise<HttpResponse | undefined> | HttpResponse | undefined;

/** What {@link startHttp} is made of. */
export interface HttpOptions {
  readonly settings: Pick<Settings['server'], 'address' | 'port'>;
  /** Secrets of the webhook that are good at the moment. */
  readonly secrets: () => readonly string[];
  readonly log: Logger;
  readonly metrics: Metrics;
  /** Why the server cannot work at the moment, one line each; none when it can. */
  readonly ready: () => readonly string[];
  /**
   * Is told of each delivery that means something. It is acknowledged when this returns, and refused when this throws.
   * Must not take long.
   */
  readonly onDelivery: (delivery: Delivery) => void;
  /** Answers GET requests below `/setup`; undefined for what it does not know. */
  readonly setup?: Pages;
  readonly limits?: Partial<HttpLimits>;
}

/** A server that listens. */
export interface HttpServer {
  readonly port: number;
  /**
   * Takes no more connections, ends those without a request, and lets the others finish.
   *
   * @param ms - after which the rest is cut off
   */
  close(ms: number): Promise<void>;
}

/** What a request may cost before it is known to be GitHub's. */
export interface HttpLimits extends BodyLimits {
  /** Connections that are open at the same time. */
  readonly connections: number;
}

/** GitHub sends a body at once, and gives up on a delivery after ten seconds. */
const LIMITS: HttpLimits = {
  bytes: 2 * 1024 * 1024,
  totalBytes: 64 * 1024 * 1024,
  firstByteMs: 2000,
  ms: 5000,
  connections: 4096,
};
/** GitHub sends about 15, a proxy adds some. What is beyond is dropped. */
const HEADERS = 100;
/** Bytes of a request's head. */
const HEAD_BYTES = 16 * 1024;

/** How long a connection may still bring its first request when the server closes. */
const FIRST_REQUEST_MS = 1000;

/**
 * Listens for GitHub and for whoever watches the server: `POST /webhook`, `GET /healthz`, `/readyz`, `/metrics`, and
 * the pages of the set-up.
 *
 * @throws ServiceError when the address cannot be listened at
 */
export async function startHttp(options: HttpOptions): Promise<HttpServer> {
  const { settings, log, metrics, ready, setup } = options;
  const limits = { ...LIMITS, ...options.limits };
  const takeDelivery = webhook({ ...options, limits });
  let closing = false;

  const pages: Record<string, () => Promise<HttpResponse> | HttpResponse> = {
    '/healthz': () => plain(200, 'ok'),
    '/readyz': () => {
      const reasons = closing ? ['the server is closing'] : ready();
      return reasons.length === 0 ? plain(200, 'ready') : plain(503, reasons.join('\n'));
    },
    '/metrics': async () => ({
      status: 200,
      body: await metrics.text(),
      headers: { 'content-type': metrics.contentType },
    }),
  };

  const answer = async (request: IncomingMessage): Promise<HttpResponse> => {
    const path = (request.url ?? '').split('?', 1)[0] ?? '';
    if (path === '/webhook') return only(request, ['POST'], () => takeDelivery(request));
    const page = Object.hasOwn(pages, path) ? pages[path] : undefined;
    if (page) return only(request, ['GET', 'HEAD'], page);
    if (setup && /^\/setup(?:\/[a-z]*)?$/.test(path)) {
      const url = new URL(request.url ?? '', 'http://server');
      return only(request, ['GET'], async () => (await setup(url)) ?? notFound());
    }
    return notFound();
  };

  const server = createServer(
    {
      maxHeaderSize: HEAD_BYTES,
      headersTimeout: limits.ms,
      // Behind the reader's own, which says more.
      requestTimeout: limits.ms + 5000,
      connectionsCheckingInterval: 1000,
      // Longer than the 60 s after which load balancers drop idle connections: the other side must be the first.
      keepAliveTimeout: 75_000,
    },
    (request, response) => {
      void handle(request, response);
    },
  );
  server.maxHeadersCount = HEADERS;
  const connections = new Connections(server, limits.connections);

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    connections.used(request.socket);
    let result: HttpResponse;
    try {
      result = await answer(request);
    } catch (err) {
      log.error({ err }, 'a request failed');
      result = plain(500, 'internal error');
    }
    if (closing) response.setHeader('connection', 'close');
    send(request, response, result);
  };

  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      reject(cannotListen(settings, cause));
    });
    server.listen({ port: settings.port, host: settings.address, backlog: limits.connections }, resolve);
  });
  server.on('error', (err) => {
    log.error({ err }, 'the HTTP server failed');
  });
  const { port } = server.address() as AddressInfo;

  return {
    port,
    close: (ms) =>
      new Promise((resolve) => {
        closing = true;
        const timers = [
          setTimeout(() => {
            connections.closeUnused();
          }, FIRST_REQUEST_MS),
          setTimeout(() => {
            server.closeAllConnections();
          }, ms),
        ];
        server.close(() => {
          timers.forEach(clearTimeout);
          resolve();
        });
      }),
  };
}

function only(
  request: IncomingMessage,
  methods: readonly string[],
  page: () => Promise<HttpResponse> | HttpResponse,
): Promise<HttpResponse> | HttpResponse {
  if (methods.includes(request.method ?? '')) return page();
  return plain(405, 'method not allowed', { allow: methods.join(', ') });
}

function notFound(): HttpResponse {
  return plain(404, 'not found');
}

function cannotListen(
  { address, port }: HttpOptions['settings'],
  cause: NodeJS.ErrnoException,
): ServiceError {
  return new ServiceError(
    'HTTP server',
    `${address}:${port}`,
    `cannot listen: ${cause.message}`,
    'Choose another address or port in settings.server.address and settings.server.port.',
    { cause },
  );
}
