import type { Exchange } from './minio-transport.js';
import { RETRIED_STATUSES } from './minio-transport.js';

/** A failed attempt: what minio-js or the system threw, and what was seen of the answer. */
export class FailedAttempt extends Error {
  override readonly name = 'FailedAttempt';
  /** Of S3 (`NoSuchBucket`), else of the system (`ECONNREFUSED`); undefined where there is none. */
  readonly code: string | undefined;

  constructor(
    cause: unknown,
    readonly exchange: Readonly<Exchange>,
  ) {
    super('an attempt failed', { cause });
    this.code = codeOf(cause);
  }
}

/** Whether the same request may well succeed a little later. All requests of a store can be sent twice. */
export function mayPass(error: unknown): boolean {
  if (!(error instanceof FailedAttempt)) return false;
  const { code, exchange } = error;
  if (exchange.status !== undefined && RETRIED_STATUSES.has(exchange.status)) return true;
  return code !== undefined && PASSING_CODES.has(code);
}

/** `InternalError` and `SlowDown` can come with status 200, after a completed upload; `RequestTimeout` comes with 400. */
const PASSING_CODES: ReadonlySet<string> = new Set([
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPIPE',
  'ETIMEDOUT',
  'ECONNECTTIMEOUT',
  'EIDLETIMEOUT',
  'InternalError',
  'RequestTimeout',
  'SlowDown',
]);

/**
 * minio-js has `code` in what it makes of an answer, but for one: an error in the answer to a completed upload is the
 * parsed XML itself. What it refuses to send has a class of its own, which `name` tells.
 */
function codeOf(cause: unknown): string | undefined {
  const name = property(cause, 'name') ?? '';
  return property(cause, 'code') ?? property(cause, 'Code') ?? (UNSENT.has(name) ? name : undefined);
}

const UNSENT: ReadonlySet<string> = new Set(['InvalidBucketNameError', 'InvalidEndpointError']);

/** A text that an error has under this name, if any. */
export function property(value: unknown, name: string): string | undefined {
  const found = (value as Record<string, unknown> | undefined)?.[name];
  return typeof found === 'string' && found !== '' ? found : undefined;
}
