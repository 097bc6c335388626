import { request } from 'node:https';
import type { LookupFunction } from 'node:net';
import { isIP } from 'node:net';

import { isPublic, PrivateAddressError, publicLookup } from './address.js';

/** One request. */
export interface Post {
  /** With `https:`. */
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** PEM; default: the CAs that Node trusts. */
  readonly ca?: string;
  /** Connect to addresses that aren't public, too. */
  readonly allowPrivate: boolean;
  /** Default: 10 s, for all of it. */
  readonly timeoutMs?: number;
  /** Default: {@link publicLookup}. */
  readonly lookup?: LookupFunction;
}

/**
 * How a request ended. `retry`: it may succeed later. `refused`: it won't. `problem` has neither the address nor anything
 * that the receiver answered.
 */
export type PostOutcome =
  | { readonly kind: 'sent' }
  | { readonly kind: 'retry'; readonly problem: string; readonly afterMs?: number }
  | { readonly kind: 'refused'; readonly problem: string };

const TIMEOUT_MS = 10_000;
/** Bytes of the answer's headers; its body isn't read. */
const MAX_HEADERS = 16 * 1024;
/** Answers below 500 after which the same request may succeed. */
const RETRIED: ReadonlySet<number> = new Set([408, 425, 429]);

/**
 * Sends a request over HTTPS, and reads no more than the status of the answer. Follows no redirects.
 *
 * @throws the reason of `signal` once it is aborted, and nothing else
 */
export async function post(options: Post, signal: AbortSignal): Promise<PostOutcome> {
  const { url, allowPrivate, timeoutMs = TIMEOUT_MS } = options;
  if (url.protocol !== 'https:') return { kind: 'refused', problem: 'the address is not https' };
  const host = url.hostname.replace(/^\[|\]$/g, '');
  // No name, so nothing is looked up.
  if (!allowPrivate && isIP(host) !== 0 && !isPublic(host)) return privateAddress();
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    return outcomeOf(await answer(options, AbortSignal.any([signal, timeout])));
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof PrivateAddressError) return privateAddress();
    if (timeout.aborted) return { kind: 'retry', problem: `no answer within ${timeoutMs / 1000} s` };
    const { code } = error as NodeJS.ErrnoException;
    return { kind: 'retry', problem: `the connection failed (${code ?? 'unknown error'})` };
  }
}

interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
}

function answer(
  { url, headers, body, ca, allowPrivate, lookup }: Post,
  signal: AbortSignal,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      method: 'POST',
      headers: { ...headers, 'content-length': String(Buffer.byteLength(body)), connection: 'close' },
      agent: false,
      maxHeaderSize: MAX_HEADERS,
      signal,
      ...(ca !== undefined && { ca }),
      ...(!allowPrivate && { lookup: lookup ?? publicLookup() }),
    });
    sent.on('error', reject);
    sent.on('response', (response) => {
      const { statusCode: status = 0, headers: answered } = response;
      resolve({ status, retryAfter: answered['retry-after'] });
      response.destroy();
    });
    sent.end(body);
  });
}

function outcomeOf({ status, retryAfter }: Answer): PostOutcome {
  if (status >= 200 && status < 300) return { kind: 'sent' };
  const problem = `it answered ${status}`;
  if (status < 500 && !RETRIED.has(status)) return { kind: 'refused', problem };
  const afterMs = retryAfter === undefined ? undefined : delayMs(retryAfter);
  return { kind: 'retry', problem, ...(afterMs !== undefined && { afterMs }) };
}

/** `Retry-After`: seconds, or a date. */
function delayMs(retryAfter: string): number | undefined {
  if (/^\d{1,9}$/.test(retryAfter)) return Number(retryAfter) * 1000;
  const date = Date.parse(retryAfter);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}

function privateAddress(): PostOutcome {
  return {
    kind: 'refused',
    problem: 'its address is not public, and the channel has no `allow_private: true`',
  };
}
