import { setTimeout as wait } from 'node:timers/promises';

/** Time as the parts that wait for something use it; tests have one of their own. */
export interface Clock {
  /** Milliseconds since some moment. Never goes back, whatever is done to the machine's clock. */
  now(): number;
  /**
   * Ends after this many milliseconds.
   *
   * @throws the reason of `signal` once it is aborted
   */
  wait(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** The time that passes. */
export const systemClock: Clock = {
  now: () => performance.now(),
  async wait(milliseconds, signal) {
    try {
      await wait(milliseconds, undefined, signal ? { signal } : {});
    } catch (error) {
      throw signal?.aborted ? signal.reason : error;
    }
  },
};
