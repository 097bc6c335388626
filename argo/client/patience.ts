import { systemClock } from '../../common/clock.js';
import { KubernetesError } from './errors.js';

/** How long a caller retries when the cluster does not answer. */
export interface Patience {
  /** Milliseconds until it gives up: of a call from its start, of a watch from the first failure in a row. */
  readonly total: number;
  /** Milliseconds before the first repetition; doubles each time. */
  readonly first: number;
  /** Longest pause in milliseconds. */
  readonly longest: number;
  /** Called when there is no answer for {@link NOTICE_MS}, once until there is one. */
  readonly onWait?: (total: number) => void;
}

/** For one call that somebody waits for. */
export const CALL_PATIENCE: Patience = { total: 60_000, first: 300, longest: 5_000 };
/** For a workflow that is being followed: an API server that restarts or an upgrade of the cluster takes minutes. */
export const FOLLOW_PATIENCE: Patience = { total: 15 * 60_000, first: 500, longest: 15_000 };

/** Milliseconds of silence after which somebody who waits wants to know why. */
export const NOTICE_MS = 2000;

/** Counts the failures in a row, pauses after each, and gives the last one up to the caller when it takes too long. */
export class Retries {
  #since: number | undefined;
  #pause: number;
  #notice: NodeJS.Timeout | undefined;

  constructor(
    private readonly patience: Patience,
    private readonly signal?: AbortSignal,
    private readonly passes: (error: KubernetesError) => boolean = ({ passing }) => passing,
  ) {
    this.#pause = patience.first;
  }

  /** Patience counts from now, unless it does already. */
  begin(): void {
    if (this.#since !== undefined) return;
    this.#since = Date.now();
    const { onWait, total } = this.patience;
    if (onWait === undefined) return;
    this.#notice = setTimeout(() => {
      onWait(total);
    }, NOTICE_MS);
    this.#notice.unref();
  }

  /** Something worked, or nothing more is tried: the next failure is a first one again. */
  succeeded(): void {
    clearTimeout(this.#notice);
    this.#since = undefined;
    this.#pause = this.patience.first;
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
    const pause = Math.max(this.#pause * (0.5 + Math.random() / 2), (error.retryAfter ?? 0) * 1000);
    if (Date.now() - (this.#since ?? 0) + pause > this.patience.total) throw error;
    this.#pause = Math.min(this.#pause * 2, this.patience.longest);
    await systemClock.wait(pause, this.signal);
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
