const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/**
 * @param duration - as the schemas allow it: seconds, or a whole number with s, m, h or d (`90s`, `2h`)
 * @returns seconds
 */
export function durationSeconds(duration: string): number {
  const unit = duration.slice(-1);
  return unit in SECONDS
    ? Number(duration.slice(0, -1)) * SECONDS[unit as keyof typeof SECONDS]
    : Number(duration);
}

/** A time in milliseconds for people: `0s`, `59s`, `1m 05s`, `2h 03m`. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  const two = (value: number): string => String(value).padStart(2, '0');
  if (minutes < 60) return `${minutes}m ${two(seconds % 60)}s`;
  return `${Math.floor(minutes / 60)}h ${two(minutes % 60)}m`;
}
