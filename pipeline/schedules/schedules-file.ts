import { asRecord, recordOf } from '../../common/json.js';
import type { ScheduleEntry } from '../../generator/plan/plan-types.js';
import { WorkError } from '../../schema/errors.js';

/**
 * Reads the schedules that the workflow gives to the step: `{"schedules": […]}`.
 *
 * @throws WorkError where it has another form, or a schedule has no seconds in front: it would run every few seconds
 */
export function readSchedules({ schedules }: Readonly<Record<string, unknown>>): readonly ScheduleEntry[] {
  if (!Array.isArray(schedules)) throw wrong('it has no list of schedules');
  const names = new Set<string>();
  return schedules.map((each: unknown) => {
    const { name, cron, enabled, arguments: given, texts, set } = recordOf(each);
    if (typeof name !== 'string' || name === '' || names.has(name))
      throw wrong('a name is missing or there twice');
    names.add(name);
    if (typeof cron !== 'string' || !/^0(?: [^ ]+){5}$/.test(cron))
      throw wrong(`the schedule ${name} has no six fields that start with 0`);
    const values = asRecord(given);
    if (!values || typeof enabled !== 'boolean') throw wrong(`the schedule ${name} is not complete`);
    const written = textsOf(texts);
    return {
      name,
      cron,
      enabled,
      arguments: values,
      ...(written && { texts: written }),
      set: Array.isArray(set) ? set.filter((one) => typeof one === 'string') : [],
    };
  });
}

function textsOf(value: unknown): Readonly<Record<string, string>> | undefined {
  const record = asRecord(value);
  return (
    record &&
    Object.fromEntries(
      Object.entries(record).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    )
  );
}

function wrong(problem: string): WorkError {
  return new WorkError(
    `the file of the schedules cannot be used: ${problem}`,
    'Build again with this version of Kfops.',
  );
}
