import { type ExistingSchedule, fingerprintOf, type WantedSchedule } from './schedule.js';

/** What must be done so that the wanted schedules are there. */
export interface SchedulePlan {
  /** In order. */
  readonly create: readonly WantedSchedule[];
  readonly keep: readonly { readonly wanted: WantedSchedule; readonly existing: ExistingSchedule }[];
  /** Gone from the file, replaced, or there twice. Each is deleted once all of `create` with its name are there. */
  readonly remove: readonly ExistingSchedule[];
}

/**
 * Compares schedules with the recurring runs that are there. Kubeflow Pipelines can't change one, so a different one is
 * replaced, also if somebody changed it in Kubeflow's pages.
 *
 * @param wanted - with unique names
 */
export function planSchedules(
  wanted: readonly WantedSchedule[],
  existing: readonly ExistingSchedule[],
): SchedulePlan {
  // The same one is kept whatever the order of the list.
  const there = [...existing].sort((a, b) => (a.id < b.id ? -1 : 1));
  const kept = new Map<WantedSchedule, ExistingSchedule>();
  for (const each of wanted) {
    const same = there.find((one) => isSame(each, one));
    if (same) kept.set(each, same);
  }
  const used = new Set(kept.values());
  return {
    create: wanted.filter((each) => !kept.has(each)),
    keep: [...kept].map(([each, one]) => ({ wanted: each, existing: one })),
    remove: there.filter((one) => !used.has(one)),
  };
}

function isSame(wanted: WantedSchedule, existing: ExistingSchedule): boolean {
  return (
    existing.name === wanted.name &&
    existing.fingerprint === fingerprintOf(wanted) &&
    existing.enabled === wanted.enabled &&
    existing.cron === wanted.cron &&
    existing.versionId === wanted.versionId
  );
}
