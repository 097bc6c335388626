import { nextTime } from '../../schema/cron.js';
import { cronOf } from './planned-schedules.js';
import type { PlannedSchedule } from './plan-types.js';

/** When schedules of a configuration become recurring runs of Kubeflow Pipelines. */
export const APPLIED_WHEN = 'applied when merged to the default branch';

/** The time zone of every schedule: the controller of Kubeflow Pipelines runs in it unless it is told otherwise. */
export const TIME_ZONE = 'UTC';

/**
 * The next times of a schedule, the first of them first; none where it is disabled.
 *
 * @param count - how many at most
 */
export function nextTimes(
  { cron, enabled }: Pick<PlannedSchedule, 'cron' | 'enabled'>,
  now: Date,
  count: number,
): readonly Date[] {
  const times: Date[] = [];
  if (!enabled) return times;
  const read = cronOf(cron);
  for (let after = now; times.length < count;) {
    const time = nextTime(read, after);
    if (!time) break;
    times.push(time);
    after = time;
  }
  return times;
}

/** `Mon 2026-11-30 03:00` */
export function timeText(time: Date): string {
  return `${DAYS[time.getUTCDay()] ?? ''} ${time.toISOString().slice(0, 16).replace('T', ' ')}`;
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** `next Mon 2026-11-30 03:00`, or why there is none. */
export function nextText(schedule: Pick<PlannedSchedule, 'cron' | 'enabled'>, now: Date): string {
  if (!schedule.enabled) return 'disabled';
  const [next] = nextTimes(schedule, now, 1);
  return next ? `next ${timeText(next)}` : 'not within five years';
}
