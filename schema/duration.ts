const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/**
 * @param duration - as the schemas allow it: seconds, or a whole number with s, m, h or d (`90s`, `2h`)
 * @returns seconds
 */
export function durationSeconds(duration: number | string): number {
  if (typeof duration === 'number') return duration;
  const unit = duration.slice(-1);
  return unit in SECONDS
    ? Number(duration.slice(0, -1)) * SECONDS[unit as keyof typeof SECONDS]
    : Number(duration);
}
