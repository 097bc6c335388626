import { systemClock } from './clock.js';
import { KubernetesError } from './errors.js';

/** How long a caller goes on with a cluster that does not answer. */
export interface Patience {
  /** Milliseconds from the first failure in a row until it gives up. */
  readonly total: number;
  /** Milliseconds before the first repetition; doubles each time. */
  readonly first: number;
  /** Longest pause in milliseconds. */
  readonly longest: number;
}

/** For one call that somebody waits for. */
export const CALL_PATIENCE: Patience = { total: 60_000, first: 300, longest: 5_000 };

/** Counts the failures in a row, pauses after each, and gives the last one up to the caller when it takes too long. */
export class Retries {
  #since: number | undefined;
  #pause: number;

  constructor(
    private readonly patience: Patience,
    private readonly signal?: AbortSignal,
    private readonly passes: (error: KubernetesError) => boolean = ({ passing }) => passing,
  ) {
    this.#pause = patience.first;
  }

  /** Something worked: the next failure is a first one again. */
  succeeded(): void {
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
    if (!(error instanceof KubernetesError) || !this.passes(error)) throw error;
    this.#since ??= Date.now();
    const pause = Math.max(this.#pause * (0.5 + Math.random() / 2), (error.retryAfter ?? 0) * 1000);
    if (Date.now() - this.#since + pause > this.patience.total) throw error;
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
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      await retries.failed(error);
    }
  }
}
