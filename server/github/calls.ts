import type { Octokit } from 'octokit';

import type { Clock } from '../../common/clock.js';
import { Semaphore } from '../../common/semaphore.js';
import type { Urgency } from '../ports.js';
import type { Connection, Named } from './connection.js';
import { GitHubError, isAboutAccess, toGitHubError } from './errors.js';
import type { Pacer } from './pace.js';
import { Failures, READ_PATIENCE, type Holds } from './patience.js';

/** Most concurrent requests. GitHub's limit is 100, for all replicas together. */
const CONCURRENT_READS = 20;

/** Options of {@link Calls}. */
export interface CallsOptions {
  readonly connection: Connection;
  readonly apiUrl: string;
  readonly pacer: Pacer;
  readonly holds: Holds;
  readonly clock: Clock;
  readonly random?: () => number;
}

/** Options of a write. */
export interface WriteOptions {
  readonly urgency: Urgency;
  /** A waiting write replaces an earlier one with the same key. */
  readonly key?: string;
  /** Default: GitHub may return 404 for something it has only just announced. */
  readonly awaitsNotFound?: boolean;
}

/** Calls GitHub, and retries where that is safe and useful. Every error of GitHub becomes a GitHubError. */
export class Calls {
  readonly #turnstile = new Semaphore(CONCURRENT_READS);

  constructor(private readonly options: CallsOptions) {}

  /**
   * An idempotent call.
   *
   * @param awaitsNotFound - GitHub may return 404 for something it has only just announced: retries twice
   */
  async read<T>(
    repository: Named,
    ask: (octokit: Octokit) => Promise<T>,
    { awaitsNotFound = false }: { readonly awaitsNotFound?: boolean } = {},
  ): Promise<T> {
    return await this.persist(
      async () => {
        const { octokit, lane } = await this.options.connection.access(repository);
        await this.#heldOff(lane);
        return await this.#turnstile.pass(() => ask(octokit));
      },
      repository,
      awaitsNotFound,
    );
  }

  /** Like {@link read}. @returns undefined for what GitHub doesn't know, or no longer knows */
  async find<T>(
    repository: Named,
    ask: (octokit: Octokit) => Promise<T>,
    options?: { readonly awaitsNotFound?: boolean },
  ): Promise<T | undefined> {
    return await this.unlessGone(this.read(repository, ask, options));
  }

  /** The value; undefined for an error that means it doesn't exist (or no longer). */
  async unlessGone<T>(value: Promise<T>): Promise<T | undefined> {
    try {
      return await value;
    } catch (error) {
      if (error instanceof GitHubError && (error.status === 404 || error.status === 410)) return undefined;
      throw error;
    }
  }

  /** Does something for the connection itself, such as getting a token, with the patience of a read. */
  async persist<T>(attempt: () => Promise<T>, repository: Named, awaitsNotFound = false): Promise<T> {
    const { clock, holds, random, connection } = this.options;
    const failures = new Failures(READ_PATIENCE, awaitsNotFound, random);
    for (;;) {
      try {
        return await attempt();
      } catch (raw) {
        const error = this.#translated(raw, repository);
        const advice = failures.judge(error);
        if (!advice) throw error;
        if (advice.forAll) holds.hold(await laneOf(connection, repository), advice.waitMs);
        await clock.wait(advice.waitMs);
      }
    }
  }

  /**
   * A call that changes something, when its turn comes.
   *
   * @param request - gets whether an earlier attempt may have been carried out
   */
  async write<T>(
    repository: Named,
    options: WriteOptions,
    request: (octokit: Octokit, mayBeDone: boolean) => Promise<T>,
  ): Promise<T> {
    const { connection, pacer } = this.options;
    const { lane } = await this.persist(() => connection.access(repository), repository);
    return await pacer.write({
      awaitsNotFound: true,
      ...options,
      lane,
      run: async (mayBeDone) => {
        try {
          const { octokit } = await connection.access(repository);
          return await request(octokit, mayBeDone);
        } catch (error) {
          throw this.#translated(error, repository);
        }
      },
    });
  }

  /** Waits out GitHub's rate limit, as long as a caller who waits for a reply can. */
  async #heldOff(lane: string): Promise<void> {
    const { clock, holds, apiUrl } = this.options;
    for (;;) {
      const waitMs = holds.until(lane) - clock.now();
      if (waitMs <= 0) return;
      if (waitMs > READ_PATIENCE.longestLimitMs) {
        const minutes = Math.ceil(waitMs / 60_000);
        throw new GitHubError(
          apiUrl,
          `rate limit reached; it resets in ${minutes} minutes`,
          'wait until the rate limit resets',
          { status: 0, trouble: 'limited', waitMs },
        );
      }
      await clock.wait(waitMs);
    }
  }

  #translated(raw: unknown, repository: Named): unknown {
    const error = toGitHubError(raw, this.options.apiUrl);
    if (isAboutAccess(raw)) this.options.connection.forget(repository);
    return error;
  }
}

async function laneOf(connection: Connection, repository: Named): Promise<string> {
  // Where even the access was put off, the App's own quota is spent, which nobody else uses.
  return await connection.access(repository).then(
    ({ lane }) => lane,
    () => '',
  );
}
