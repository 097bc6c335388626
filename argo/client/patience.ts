import { backoffMs, jitter, type Backoff } from '../../common/backoff.js';
import { systemClock } from '../../common/clock.js';
import { KubernetesError } from './errors.js';

/** How long a caller retries when the cluster does not answer. */
export interface Patience extends Backoff {
  /** Until it gives up: of a call from its start, of a watch from the first failure in a row. */
  readonly totalMs: number;
  /** Called when there is no answer for {@link NOTICE_MS}, once until there is one. */
  readonly onWait?: (totalMs: number) => void;
}

/** For one call that somebody waits for. */
export const CALL_PATIENCE: Patience = { totalMs: 60_000, firstMs: 300, longestMs: 5_000 };
/** For a workflow that is being followed: an API server that restarts or an upgrade of the cluster takes minutes. */
export const FOLLOW_PATIENCE: Patience = { totalMs: 15 * 60_000, firstMs: 500, longestMs: 15_000 };

/** Milliseconds of silence after which somebody who waits wants to know why. */
export const NOTICE_MS = 2000;

/** Counts the failures in a row, pauses after each, and gives the last one up to the caller when it takes too long. */
export class Retries {
  #since: number | undefined;
  #failures = 0;
  #notice: NodeJS.Timeout | undefined;

  constructor(
    private readonly patience: Patience,
    private readonly signal?: AbortSignal,
    private readonly passes: (error: KubernetesError) => boolean = ({ passing }) => passing,
  ) {}

  /** Patience counts from now, unless it does already. */
  begin(): void {
    if (this.#since !== undefined) return;
    this.#since = Date.now();
    const { onWait, totalMs } = this.patience;
    if (onWait === undefined) return;
    this.#notice = setTimeout(() => {
      onWait(totalMs);
    }, NOTICE_MS);
    this.#notice.unref();
  }

  /** Something worked, or nothing more is tried: the next failure is a first one again. */
  succeeded(): void {
    clearTimeout(this.#notice);
    this.#since = undefined;
    this.#failures = 0;
  }

  /**
   * Pauses before the next attempt: as long as the server asks, else longer each time, at random between a half and
   * the whole of it.
   *
   * @throws the error itself when it will not pass, or lasts too long; the reason of `signal` once it is aborted
   */
  async failed(error: unknown): Promise<void> {
    try {
      await this.#pauseAfter(error);
    } catch (final) {
      this.succeeded();
      throw final;
    }
  }

  async #pauseAfter(error: unknown): Promise<void> {
    if (!(error instanceof KubernetesError) || !this.passes(error)) throw error;
    this.begin();
    const backoff = jitter(backoffMs(this.patience, ++this.#failures));
    const pauseMs = Math.max(backoff, (error.retryAfterSeconds ?? 0) * 1000);
    if (Date.now() - (this.#since ?? 0) + pauseMs > this.patience.totalMs) throw error;
    await systemClock.wait(pauseMs, this.signal);
  }
}

/** Does `attempt` until it works, will never work, or patience is at its end. */
export async function persist<T>(
  attempt: () => Promise<T>,
  patience: Patience = CALL_PATIENCE,
  signal?: AbortSignal,
): Promise<T> {
  const retries = new Retries(patience, signal);
  retries.begin();
  for (;;) {
    try {
      const result = await attempt();
      retries.succeeded();
      return result;
    } catch (error) {
      await retries.failed(error);
    }
  }
}
