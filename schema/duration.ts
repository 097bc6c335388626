import type { Diagnostic } from './diagnostic.js';
import { diagnosticAt } from './located.js';
import { formatPath, textAt, type ConfigPath, type Tree } from './tree.js';

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;
const DURATION = /^[1-9][0-9]{0,7}[smhd]?$/;
const YEAR = 31_536_000;

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

/** Durations longer than a year, whatever their unit; a pattern cannot say so. */
export function checkDurations(tree: Tree, paths: readonly ConfigPath[]): Diagnostic[] {
  return paths.flatMap((path) => {
    const text = textAt(tree, path);
    if (!text || !DURATION.test(text) || durationSeconds(text) <= YEAR) return [];
    const message = `\`${formatPath(path)}\` must be at most a year.`;
    return [diagnosticAt(tree, path, { code: 'WRONG_VALUE', message, hint: 'Write `365d` or less.' })];
  });
}
