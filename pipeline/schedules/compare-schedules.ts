import type { ScheduleEntry } from '../../generator/plan/plan-types.js';
import { entryHash, type ExistingSchedule } from './schedule.js';

/** What differs between a schedule of the configuration and its recurring run. */
export type ScheduleDifference = 'time' | 'state' | 'arguments';

/** A schedule of the configuration, a recurring run, or both. */
export type ComparedSchedule =
  | {
      readonly state: 'same' | 'differs';
      readonly name: string;
      readonly entry: ScheduleEntry;
      readonly existing: ExistingSchedule;
      /** None where they are the same. */
      readonly differences: readonly ScheduleDifference[];
    }
  | { readonly state: 'missing'; readonly name: string; readonly entry: ScheduleEntry }
  /** The configuration has none of this name, or the recurring run is there twice. */
  | { readonly state: 'extra'; readonly name: string; readonly existing: ExistingSchedule };

/** Compares the schedules of a configuration with the repository's recurring runs, whatever version these run. */
export function compareSchedules(
  entries: readonly ScheduleEntry[],
  existing: readonly ExistingSchedule[],
): readonly ComparedSchedule[] {
  const left = new Set([...existing].sort((a, b) => (a.id < b.id ? -1 : 1)));
  const compared = entries.map((entry): ComparedSchedule => {
    const { name } = entry;
    const named = [...left]
      .filter((one) => one.name === name)
      .map((one) => ({ one, differences: differencesOf(entry, one) }));
    const [best] = named.sort((a, b) => a.differences.length - b.differences.length);
    if (!best) return { state: 'missing', name, entry };
    left.delete(best.one);
    const state = best.differences.length === 0 ? 'same' : 'differs';
    return { state, name, entry, existing: best.one, differences: best.differences };
  });
  return [
    ...compared,
    ...[...left].map((one): ComparedSchedule => ({ state: 'extra', name: one.name, existing: one })),
  ];
}

function differencesOf(entry: ScheduleEntry, existing: ExistingSchedule): readonly ScheduleDifference[] {
  const differences: ScheduleDifference[] = [
    ...(existing.cron === entry.cron ? [] : ['time' as const]),
    ...(existing.enabled === entry.enabled ? [] : ['state' as const]),
  ];
  // The hash is of all; which arguments there were isn't known where the others differ, too.
  return differences.length === 0 && existing.entry !== entryHash(entry) ? ['arguments'] : differences;
}
