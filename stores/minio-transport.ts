import * as http from 'node:http';
import * as https from 'node:https';

/** What was seen of the last answer; minio-js keeps neither the status nor the headers in its errors. */
export interface Exchange {
  status?: number;
  /** The header `Date`: the server's clock. */
  serverDate?: string;
  /** The header `Last-Modified` of an object. */
  lastModified?: string;
}

/** Limits of one request, in ms. */
export interface RequestLimits {
  /** Until the connection is there, TLS included. */
  readonly connectMs: number;
  /** Without a byte moving in either direction. */
  readonly idleMs: number;
}

/** A request that took too long; told apart by `code`, as errors of the system are. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';

  constructor(readonly code: 'ECONNECTTIMEOUT' | 'EIDLETIMEOUT') {
    super(code);
  }
}

/** Answers that are worth another try. minio-js throws an error of its own for these and never reads their bodies. */
export const RETRIED_STATUSES: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);

/**
 * A `transport` for minio-js, which has no timeouts of its own: adds them, and notes the answer in `exchange`.
 * Redirects are not followed, as node:http never does.
 */
export function transport(
  secure: boolean,
  limits: RequestLimits,
  exchange: Exchange,
): Pick<typeof http, 'request'> {
  const send = secure ? https.request : http.request;
  const request = (options: https.RequestOptions, onResponse: (response: http.IncomingMessage) => void) => {
    let stop = (error: Error): void => void sent.destroy(error);
    const sent = send(options, (response) => {
      stop = (error) => void response.destroy(error);
      exchange.status = response.statusCode ?? 0;
      if (response.headers.date !== undefined) exchange.serverDate = response.headers.date;
      const modified = response.headers['last-modified'];
      if (modified !== undefined) exchange.lastModified = modified;
      // Reads the body that minio-js leaves lying, or its connection would stay open and unused.
      if (RETRIED_STATUSES.has(exchange.status)) response.resume();
      onResponse(response);
    });
    sent.setTimeout(limits.idleMs, () => {
      stop(new TimeoutError('EIDLETIMEOUT'));
    });
    sent.once('socket', (socket) => {
      if (!socket.connecting) return;
      const timer = setTimeout(() => {
        stop(new TimeoutError('ECONNECTTIMEOUT'));
      }, limits.connectMs);
      const connected = (): void => {
        clearTimeout(timer);
      };
      socket.once(secure ? 'secureConnect' : 'connect', connected);
      sent.once('close', connected);
    });
    return sent;
  };
  // minio-js calls it in this one way, out of the many that node:http has.
  return { request: request as typeof http.request };
}
