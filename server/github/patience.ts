import { backoffMs, jitter, type Backoff } from '../../common/backoff.js';
import type { Clock } from '../../common/clock.js';
import { GitHubError } from './errors.js';

/** What to do after a failure: retry or not, when, and whether all other calls wait, too. */
export interface Advice {
  readonly waitMs: number;
  /** A rate limit of GitHub: no call may go out before this time. */
  readonly forAll: boolean;
}

/** Most retries of one call, by kind of failure. */
export interface Patience {
  /** For no answer, and for GitHub's own trouble. */
  readonly unavailable: number;
  readonly limited: number;
  /** Longest wait for GitHub's rate limit, in milliseconds; a call that would wait longer fails at once. */
  readonly longestLimitMs: number;
}

/** Someone waits for the reply. */
export const READ_PATIENCE: Patience = { unavailable: 3, limited: 3, longestLimitMs: 60_000 };
/** No one waits, and the last write must arrive: retries for minutes, and beyond the hourly limit. */
export const WRITE_PATIENCE: Patience = { unavailable: 8, limited: 10, longestLimitMs: 2 * 3_600_000 };
/** GitHub may answer 404 for what it has only just announced. */
const TIMES_NOT_FOUND = 2;

const BACKOFF: Backoff = { firstMs: 1_000, longestMs: 60_000 };
/** GitHub's advice for a rate limit without further headers. */
const LIMIT_PAUSE_MS = 60_000;

/**
 * Decides what to do after each failure of one call. Replaces octokit's plugins: plugin-retry repeats every request, even
 * a POST that was done and whose response was lost, without jitter, and doesn't read Retry-After; plugin-throttling
 * recognizes limits by the text of a message, lets other requests through meanwhile, and paces all writes at one per
 * second (3 s for comments) without GitHub's hourly limit.
 */
export class Failures {
  #unavailable = 0;
  #limited = 0;
  #notFound = 0;

  constructor(
    private readonly patience: Patience,
    private readonly awaitsNotFound: boolean,
    private readonly random: () => number = Math.random,
  ) {}

  /** @returns undefined when the error is final */
  judge(error: unknown): Advice | undefined {
    if (!(error instanceof GitHubError)) return undefined;
    if (error.status === 404 && this.awaitsNotFound && this.#notFound < TIMES_NOT_FOUND)
      return { waitMs: this.#pause(++this.#notFound), forAll: false };
    if (error.trouble === 'limited' && this.#limited < this.patience.limited) {
      const waitMs = error.waitMs ?? LIMIT_PAUSE_MS * 2 ** this.#limited;
      this.#limited++;
      return waitMs > this.patience.longestLimitMs ? undefined : { waitMs, forAll: true };
    }
    if (error.trouble === 'unavailable' && this.#unavailable < this.patience.unavailable) {
      const waitMs = Math.max(this.#pause(++this.#unavailable), error.waitMs ?? 0);
      return waitMs > this.patience.longestLimitMs ? undefined : { waitMs, forAll: false };
    }
    return undefined;
  }

  #pause(failures: number): number {
    return jitter(backoffMs(BACKOFF, failures), this.random);
  }
}

/** Until when GitHub must not be called, by whose quota a call counts. */
export class Holds {
  readonly #until = new Map<string, number>();

  constructor(private readonly clock: Clock) {}

  hold(lane: string, milliseconds: number): void {
    this.#until.set(lane, Math.max(this.until(lane), this.clock.now() + milliseconds));
  }

  /** A time of the clock; it may have passed. */
  until(lane: string): number {
    return this.#until.get(lane) ?? 0;
  }
}
