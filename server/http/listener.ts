import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
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

/** Pages in addition to those of {@link startHttp}. */
export type Pages = (url: URL) => Promise<HttpResponse | undefined> | HttpResponse | undefined;

/** Options of {@link startHttp}. */
export interface HttpOptions {
  readonly settings: Pick<Settings['server'], 'address' | 'port'>;
  /** The webhook secrets that are valid now. */
  readonly secrets: () => readonly string[];
  readonly log: Logger;
  readonly metrics: Metrics;
  /** Why the server isn't ready, one line each; empty if it is. */
  readonly ready: () => readonly string[];
  /**
   * Called with each relevant delivery. It is acknowledged when this returns and rejected when this throws. Must return
   * quickly.
   */
  readonly onDelivery: (delivery: Delivery) => void;
  /** Handles GET requests below `/setup`; returns undefined for unknown paths. */
  readonly setup?: Pages;
  readonly limits?: Partial<HttpLimits>;
}

/** A listening server. */
export interface HttpServer {
  readonly port: number;
  /**
   * Accepts no more connections, closes those without a request, and lets the others finish.
   *
   * @param ms - after which the rest is closed
   */
  close(ms: number): Promise<void>;
}

/** Limits on a request before it is known to come from GitHub. */
export interface HttpLimits extends BodyLimits {
  /** Most open connections. */
  readonly connections: number;
}

/** GitHub sends a body in one go, and gives up on a delivery after ten seconds. */
const LIMITS: HttpLimits = {
  bytes: 2 * 1024 * 1024,
  totalBytes: 64 * 1024 * 1024,
  firstByteMs: 2000,
  ms: 5000,
  connections: 4096,
};
/** GitHub sends about 15 headers, a proxy adds some. Node drops the rest. */
const HEADERS = 100;
/** Bytes of a request's head. */
const HEAD_BYTES = 16 * 1024;

/** How long a connection may take for its first request when the server closes. */
const FIRST_REQUEST_MS = 1000;

/**
 * Listens for GitHub and for monitoring: `POST /webhook`, `GET /healthz`, `/readyz`, `/metrics`, and the set-up pages.
 *
 * @throws ServiceError if it cannot listen at the address
 */
export async function startHttp(options: HttpOptions): Promise<HttpServer> {
  const { settings, log } = options;
  const limits = { ...LIMITS, ...options.limits };
  const state = { closing: false };
  const answer = router(options, limits, state);

  const server = createServer(
    {
      maxHeaderSize: HEAD_BYTES,
      headersTimeout: limits.ms,
      // After the body reader's own time limit, which has a better message.
      requestTimeout: limits.ms + 5000,
      connectionsCheckingInterval: 1000,
      // Longer than the 60 s after which load balancers drop idle connections: they must close first.
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
    if (state.closing) response.setHeader('connection', 'close');
    send(request, response, result);
  };

  await listen(server, settings, limits.connections);
  server.on('error', (err) => {
    log.error({ err }, 'the HTTP server failed');
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    close: (ms) => {
      state.closing = true;
      return close(server, connections, ms);
    },
  };
}

/** Finds the page of a request. */
function router(
  options: HttpOptions,
  limits: HttpLimits,
  state: { readonly closing: boolean },
): (request: IncomingMessage) => Promise<HttpResponse> {
  const { metrics, ready, setup } = options;
  const takeDelivery = webhook({ ...options, limits });
  const pages: Record<string, () => Promise<HttpResponse> | HttpResponse> = {
    '/healthz': () => plain(200, 'ok'),
    '/readyz': () => {
      const reasons = state.closing ? ['the server is closing'] : ready();
      return reasons.length === 0 ? plain(200, 'ready') : plain(503, reasons.join('\n'));
    },
    '/metrics': async () => ({
      status: 200,
      body: await metrics.text(),
      headers: { 'content-type': metrics.contentType },
    }),
  };
  return async (request) => {
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
}

function listen(server: Server, settings: HttpOptions['settings'], backlog: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      reject(cannotListen(settings, cause));
    });
    server.listen({ port: settings.port, host: settings.address, backlog }, resolve);
  });
}

/** Ends when no connection is open any longer, after `ms` at the latest. */
function close(server: Server, connections: Connections, ms: number): Promise<void> {
  return new Promise((resolve) => {
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
  });
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
