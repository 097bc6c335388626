import { jitter } from '../../common/backoff.js';
import { systemClock, type Clock } from '../../common/clock.js';
import { Semaphore } from '../../common/semaphore.js';
import { send, type HttpAnswer, type HttpRequest } from './transport.js';

/** Options of {@link Sender}. */
export interface SenderOptions {
  /** Ends all requests. */
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
  /** For each attempt, in milliseconds. Default: five seconds. */
  readonly timeoutMs?: number;
  /** Requests at the same time. Default: 16. */
  readonly concurrent?: number;
}

/** Statuses that may be others soon. */
export const PASSING: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);
const PAUSE_MS = 500;
/** A registry that wants a longer pause is not asked again. */
const LONGEST_PAUSE_MS = 5000;
const MOST_TIMEOUTS = 2;

/**
 * Sends requests, so many at a time. A server that does not answer two of them in time, and none between them, gets no
 * other: hundreds of images must not wait for it one after the other.
 */
export class Sender {
  readonly #semaphore: Semaphore;
  /** By the server's origin: those since its latest answer. */
  readonly #timeouts = new Map<string, Error[]>();

  constructor(private readonly options: SenderOptions) {
    this.#semaphore = new Semaphore(options.concurrent ?? 16);
  }

  /**
   * Sends a request, and again where the failure may pass soon.
   *
   * @throws what `send` of transport.ts throws; a TimeoutError at once for a server that is given up
   */
  async send(request: Omit<HttpRequest, 'timeoutMs'>, attempts: number): Promise<HttpAnswer> {
    const { signal, clock = systemClock } = this.options;
    const { origin } = request.url;
    for (let attempt = 1; ; attempt++) {
      const last = attempt >= attempts;
      let pauseMs = jitter(PAUSE_MS);
      try {
        const answer = await this.#semaphore.pass(() => this.#attempt(request));
        const wanted = Number(answer.headers['retry-after']);
        if (wanted > 0) pauseMs = wanted * 1000;
        if (last || !PASSING.has(answer.status) || pauseMs > LONGEST_PAUSE_MS) return answer;
      } catch (error) {
        const { name } = error as Error;
        if (last || signal?.aborted || name === 'TooLargeError' || this.#givenUp(origin)) throw error;
      }
      await clock.wait(pauseMs, signal);
    }
  }

  async #attempt(request: Omit<HttpRequest, 'timeoutMs'>): Promise<HttpAnswer> {
    const { signal, timeoutMs = 5000 } = this.options;
    const { origin } = request.url;
    // Here, not before: what waited for its turn must not be sent.
    const failure = this.#givenUp(origin);
    if (failure) throw failure;
    try {
      const answer = await send({ ...request, timeoutMs, ...(signal && { signal }) });
      if (!this.#givenUp(origin)) this.#timeouts.delete(origin);
      return answer;
    } catch (error) {
      if (!signal?.aborted && (error as Error).name === 'TimeoutError') {
        const before = this.#timeouts.get(origin) ?? [];
        this.#timeouts.set(origin, [...before, error as Error]);
      }
      throw error;
    }
  }

  /** Why a server is not asked again. */
  #givenUp(origin: string): Error | undefined {
    return this.#timeouts.get(origin)?.[MOST_TIMEOUTS - 1];
  }
}
