import { backoffMs } from '../common/backoff.js';

/** How often and how long to try again. All times in ms. */
export interface RetryPolicy {
  /** At most so many attempts of one request. */
  readonly attempts: number;
  /** Before the n-th retry: a random time from 0 to `firstDelayMs · 2ⁿ⁻¹`, at most `longestDelayMs` ("full jitter"). */
  readonly firstDelayMs: number;
  readonly longestDelayMs: number;
  /** One request loses no more than this to failed attempts and to waiting. */
  readonly patienceMs: number;
  readonly now: () => number;
  readonly random: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

/**
 * Tries again while `mayPass` says that an error may pass and while there is patience.
 *
 * @param idleMs - how long an attempt waits without a byte moving. It counts with at most this: the rest of its time,
 *   bytes were moving.
 * @param attempt - gets how long it may wait in this sense; less than `idleMs` when patience runs out.
 */
export async function withRetries<T>(
  policy: RetryPolicy,
  idleMs: number,
  attempt: (idleMs: number) => Promise<T>,
  mayPass: (error: unknown) => boolean,
): Promise<T> {
  let leftMs = policy.patienceMs;
  for (let failures = 1; ; failures++) {
    const startedAt = policy.now();
    try {
      return await attempt(Math.min(idleMs, leftMs));
    } catch (error) {
      const backoff = { firstMs: policy.firstDelayMs, longestMs: policy.longestDelayMs };
      const delay = policy.random() * backoffMs(backoff, failures);
      leftMs -= Math.min(policy.now() - startedAt, idleMs) + delay;
      if (!mayPass(error) || failures >= policy.attempts || leftMs <= 0) throw error;
      await policy.sleep(delay);
    }
  }
}
