import { durationSeconds } from '../common/duration.js';
import type { Diagnostic } from './diagnostic.js';
import { diagnosticAt } from './located.js';
import { formatPath, textAt, type ConfigPath, type Tree } from './tree.js';

const DURATION = /^[1-9][0-9]{0,7}[smhd]?$/;
const HOUR_SECONDS = 3600;
const YEAR_SECONDS = 31_536_000;

/** Durations longer than a year, whatever their unit; a pattern cannot say so. */
export function checkDurations(tree: Tree, paths: readonly ConfigPath[]): Diagnostic[] {
  return paths.flatMap((path) => {
    const text = textAt(tree, path);
    if (!text || !DURATION.test(text) || durationSeconds(text) <= YEAR_SECONDS) return [];
    const message = `\`${formatPath(path)}\` must be at most a year.`;
    return [diagnosticAt(tree, path, { code: 'WRONG_VALUE', message, hint: 'Write `365d` or less.' })];
  });
}

/** Ages of images below an hour: a registry is asked about them for every build. */
export function checkAges(tree: Tree, paths: readonly ConfigPath[]): Diagnostic[] {
  return paths.flatMap((path) => {
    const text = textAt(tree, path);
    if (!text || !DURATION.test(text) || durationSeconds(text) >= HOUR_SECONDS) return [];
    const message = `\`${formatPath(path)}\` must be at least an hour.`;
    const hint = 'Write `1h` or more, or `--force` in a command to build at once.';
    return [diagnosticAt(tree, path, { code: 'WRONG_VALUE', message, hint })];
  });
}

/** @returns the seconds of a `rebuild_after`; undefined for never */
export function ageSeconds(text: string): number | undefined {
  return text === 'never' ? undefined : durationSeconds(text);
}
