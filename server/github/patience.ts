import { backoffMs, jitter, type Backoff } from '../../common/backoff.js';
import type { Clock } from '../../common/clock.js';
import { GitHubError } from './errors.js';

/** How a caller goes on after a failure: whether, when, and whether all others have to wait, too. */
export interface Advice {
  readonly waitMs: number;
  /** A limit of GitHub was met: no call may go out before. */
  readonly forAll: boolean;
}

/** How often one call is done again, by kind of trouble. */
export interface Patience {
  /** For no answer, and for GitHub's own trouble. */
  readonly unavailable: number;
  readonly limited: number;
  /** The longest that GitHub's limits are waited for, in milliseconds; a call that would wait longer fails at once. */
  readonly longestLimitMs: number;
}

/** Somebody waits for the answer. */
export const READ_PATIENCE: Patience = { unavailable: 3, limited: 3, longestLimitMs: 60_000 };
/** Nobody waits, and what is written last must arrive: it goes on for some minutes, and past an hour's limit. */
export const WRITE_PATIENCE: Patience = { unavailable: 8, limited: 10, longestLimitMs: 2 * 3_600_000 };
/** GitHub may not know yet what it has just told of. */
const TIMES_NOT_FOUND = 2;

const BACKOFF: Backoff = { firstMs: 1_000, longestMs: 60_000 };
/** What GitHub asks for where a limit was met and nothing else is said. */
const LIMIT_PAUSE_MS = 60_000;

/**
 * Decides about one call after each of its failures. In place of octokit's plugins for this: plugin-retry repeats
 * every request, a POST that was done and whose answer was lost as well, without jitter, and does not read Retry-After;
 * plugin-throttling tells limits apart by the text of a message, goes on with other requests meanwhile, and paces writes
 * at one a second (3 s for comments) whatever they are for, without GitHub's limit for an hour.
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
