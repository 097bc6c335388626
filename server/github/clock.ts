/** Time, so that tests can have one of their own. */
export interface Clock {
  /** Milliseconds of a clock that never goes back. */
  now(): number;
  /** Calls back once, later. @returns ends the waiting */
  after(milliseconds: number, callback: () => void): () => void;
}

/** The longest that a timer of Node can wait, in milliseconds. */
const LONGEST_MS = 2 ** 31 - 1;

/** The clock of this machine. */
export const machineClock: Clock = {
  now: () => performance.now(),
  after(milliseconds, callback) {
    const timer = setTimeout(callback, Math.min(milliseconds, LONGEST_MS));
    return () => {
      clearTimeout(timer);
    };
  },
};

/** Waits. */
export function pause(clock: Clock, milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(milliseconds, resolve);
  });
}
