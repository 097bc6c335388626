import * as http from 'node:http';
import * as https from 'node:https';

import type { Client } from 'minio';

import type { MinioAccess } from './credentials.js';
import { FailedAttempt, mayPass } from './minio-errors.js';
import type { Exchange, RequestLimits } from './minio-transport.js';
import { transport } from './minio-transport.js';
import type { RetryPolicy } from './retry.js';
import { withRetries } from './retry.js';

/** An object store, and the bucket in it. */
export interface MinioConnection extends MinioAccess {
  /** Where the store asks for one. Default: `us-east-1`, which MinIO takes for its own. */
  readonly region?: string;
  readonly bucket: string;
}

/**
 * Loads minio-js. It takes 0.3 s in which nothing else runs: a server does it before it listens, and a command only
 * when it needs it.
 */
export function loadMinio(): Promise<{ readonly Client: typeof Client }> {
  return import('minio');
}

/** How long requests wait, and how often they are tried. */
export interface MinioTiming extends RetryPolicy, RequestLimits {
  /** Until the store has answered once, a refused connection is final: somebody waits, and only a person can mend it. */
  readonly failFast?: boolean;
}

/** One request by a client of minio-js; `exchange` holds what was seen of the answer. */
export type MinioRequest<T> = (client: Client, exchange: Readonly<Exchange>) => Promise<T>;

/**
 * Sends requests with timeouts and retries. minio-js itself has no timeouts, and its own retries lose the reason and
 * write to the console: they are off.
 *
 * @returns a function that throws FailedAttempt for the last attempt. `patience` changes the policy for one request.
 */
export function minioCalls(
  connection: MinioConnection,
  timing: MinioTiming,
): <T>(request: MinioRequest<T>, patience?: Partial<RetryPolicy>) => Promise<T> {
  const { secure, accessKey, secretKey } = connection;
  const url = new URL(addressOf(connection));
  let answered = false;
  const agent = new (secure ? https : http).Agent({ keepAlive: true });

  async function attempt<T>(request: MinioRequest<T>, idleMs: number): Promise<T> {
    const { Client } = await loadMinio();
    const exchange: Exchange = {};
    const limits = { idleMs, connectMs: Math.min(timing.connectMs, idleMs) };
    try {
      // A client for each attempt (it is a small object): the limits and the answer belong to one attempt.
      const client = new Client({
        endPoint: url.hostname.replace(/^\[|\]$/g, ''),
        port: url.port === '' ? (secure ? 443 : 80) : Number(url.port),
        useSSL: secure,
        accessKey,
        secretKey,
        // Named, or minio-js would ask for it with one more request.
        region: connection.region ?? 'us-east-1',
        transport: transport(secure, limits, exchange),
        transportAgent: agent,
        retryOptions: { disableRetry: true },
      });
      const result = await request(client, exchange);
      answered = true;
      return result;
    } catch (error) {
      answered ||= exchange.status !== undefined;
      throw new FailedAttempt(error, exchange);
    }
  }

  const mayPassNow = (error: unknown): boolean =>
    mayPass(error) && !(timing.failFast && !answered && (error as FailedAttempt).code === 'ECONNREFUSED');

  return (request, patience = {}) =>
    withRetries({ ...timing, ...patience }, timing.idleMs, (idleMs) => attempt(request, idleMs), mayPassNow);
}

/** `http://host:port` */
export function addressOf({ secure, endpoint }: MinioConnection): string {
  return `${secure ? 'https' : 'http'}://${endpoint}`;
}
