/** How pauses between attempts grow. */
export interface Backoff {
  /** The pause after the first failure. It doubles with each further one. */
  readonly firstMs: number;
  readonly longestMs: number;
}

/**
 * The pause before the next attempt, without {@link jitter}.
 *
 * @param failures - in a row, at least 1
 */
export function backoffMs({ firstMs, longestMs }: Backoff, failures: number): number {
  return Math.min(firstMs * 2 ** (failures - 1), longestMs);
}

/** A time between a half and the whole of a pause, so that those who failed together do not come back together. */
export function jitter(pauseMs: number, random: () => number = Math.random): number {
  return pauseMs * (0.5 + random() / 2);
}
