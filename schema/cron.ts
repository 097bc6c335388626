/** A schedule of five fields, read. Times are in UTC, as Kubeflow Pipelines takes them. */
export interface Cron {
  /** For Kubeflow Pipelines, which reads seconds first: five fields alone would run every few seconds. */
  readonly kubeflow: string;
  readonly minutes: CronField;
  readonly hours: CronField;
  readonly days: CronField;
  /** From 1. */
  readonly months: CronField;
  /** From 0, Sunday. */
  readonly weekdays: CronField;
}

/** The values of one field. */
export interface CronField {
  readonly values: ReadonlySet<number>;
  /** It has a `*`, also as in `*`/2. */
  readonly isAny: boolean;
}

/** Why a text is no schedule. */
export interface CronProblem {
  readonly problem: string;
  readonly hint: string;
}

interface FieldKind {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const FIELDS: readonly FieldKind[] = [
  { name: 'minute', min: 0, max: 59 },
  { name: 'hour', min: 0, max: 23 },
  { name: 'day of the month', min: 1, max: 31 },
  { name: 'month', min: 1, max: 12, names: MONTHS },
  { name: 'day of the week', min: 0, max: 6, names: WEEKDAYS },
];

/** As in robfig/cron v1.2.0, `parseDescriptor`; its `@every` has no place in five fields. */
const MACROS: ReadonlyMap<string, string> = new Map([
  ['@yearly', '0 0 1 1 *'],
  ['@annually', '0 0 1 1 *'],
  ['@monthly', '0 0 1 * *'],
  ['@weekly', '0 0 * * 0'],
  ['@daily', '0 0 * * *'],
  ['@midnight', '0 0 * * *'],
  ['@hourly', '0 * * * *'],
]);

/** Longer texts are no schedule. */
const LONGEST = 200;
const USUAL =
  'Write five fields: minute, hour, day of the month, month, day of the week, such as `0 3 * * MON`.';

/**
 * Reads the usual five fields of cron, with names, ranges, steps and lists, or a macro such as `@daily`. What it accepts
 * means in Kubeflow Pipelines (robfig/cron v1.2.0) the same as in cron.
 */
export function readCron(text: string): Cron | CronProblem {
  if (text.length > LONGEST) return { problem: 'is too long for a schedule', hint: USUAL };
  const written = text.trim();
  if (written.startsWith('@') && !MACROS.has(written))
    return {
      problem: 'is no known macro',
      hint: `Use one of ${[...MACROS.keys()].map((macro) => `\`${macro}\``).join(', ')}, or five fields.`,
    };
  const parts = (MACROS.get(written) ?? written).split(/\s+/);
  if (parts.length === 6)
    return {
      problem: 'has six fields, and seconds are not supported: a pipeline runs at most once a minute',
      hint: 'Remove the first field, which has the seconds.',
    };
  if (written === '' || parts.length !== 5)
    return { problem: `has ${written === '' ? 0 : parts.length} fields instead of five`, hint: USUAL };
  const fields: CronField[] = [];
  for (const [index, kind] of FIELDS.entries()) {
    const field = readField(parts[index] ?? '', kind);
    if ('problem' in field) return field;
    fields.push(field);
  }
  const [minutes, hours, days, months, weekdays] = fields as [
    CronField,
    CronField,
    CronField,
    CronField,
    CronField,
  ];
  const cron = { kubeflow: `0 ${parts.join(' ')}`, minutes, hours, days, months, weekdays };
  // From any day: within five years come all days but 29 February, and that in all but nine years of a century.
  if (nextTime(cron, new Date(0)) === undefined)
    return { problem: 'never comes', hint: 'Check the day and the month: there is no 30 February.' };
  return cron;
}

function readField(text: string, kind: FieldKind): CronField | CronProblem {
  const values = new Set<number>();
  let isAny = false;
  for (const item of text.split(',')) {
    const range = readItem(item, kind);
    if (typeof range === 'string') return { problem: `has the wrong ${kind.name} \`${item}\``, hint: range };
    for (let value = range.from; value <= range.to; value += range.step) values.add(value);
    isAny ||= range.isAny;
  }
  return { values, isAny };
}

interface ItemRange {
  readonly from: number;
  readonly to: number;
  readonly step: number;
  readonly isAny: boolean;
}

const ITEM = /^(?:(\*)|(\w{1,3})(?:-(\w{1,3}))?)(?:\/(\d{1,2}))?$/;

/** @returns how to write it, where it is wrong */
function readItem(item: string, kind: FieldKind): ItemRange | string {
  const { min, max, names } = kind;
  const usual = `Write \`*\`, a number from ${min} to ${max}${names ? `, a name such as ${names[1]?.toUpperCase()}` : ''}, a range (\`a-b\`), a step (\`*/n\`), or a list of them.`;
  const [whole, star, first, last, step = ''] = ITEM.exec(item) ?? [];
  if (whole === undefined) return usual;
  const isAny = star !== undefined;
  const from = isAny ? min : valueOf(first ?? '', kind);
  // As in cron, `5/15` means from 5 to the end.
  const to = isAny || (last === undefined && step !== '') ? max : valueOf(last ?? first ?? '', kind);
  if (kind.name === 'day of the week' && (from === 7 || to === 7)) return 'Sunday is 0 or SUN.';
  if (!(from >= min && to <= max)) return usual;
  if (from > to) return 'Write the smaller value first, or two ranges with a comma between them.';
  if (step !== '' && Number(step) === 0) return 'A step is at least 1.';
  return { from, to, step: Number(step === '' ? 1 : step), isAny };
}

/** @returns NaN where it is none */
function valueOf(text: string, { min, names = [] }: FieldKind): number {
  const at = names.indexOf(text.toLowerCase());
  if (at !== -1) return min + at;
  return /^\d{1,2}$/.test(text) ? Number(text) : NaN;
}

/** Kubeflow Pipelines looks as far. */
const YEARS = 5;
const DAY_MS = 24 * 60 * 60 * 1000;

/** The first time after another one, in UTC; undefined where none comes until the end of the fifth year from then. */
export function nextTime(cron: Cron, after: Date): Date | undefined {
  const from = Math.floor(after.getTime() / 60_000) * 60_000 + 60_000;
  const lastYear = after.getUTCFullYear() + YEARS;
  for (let day = from - (((from % DAY_MS) + DAY_MS) % DAY_MS); ; day += DAY_MS) {
    const date = new Date(day);
    if (date.getUTCFullYear() > lastYear) return undefined;
    if (!isDay(cron, date)) continue;
    for (const hour of sorted(cron.hours))
      for (const minute of sorted(cron.minutes)) {
        const time = day + (hour * 60 + minute) * 60_000;
        if (time >= from) return new Date(time);
      }
  }
}

/** As in cron: if both fields of the day are limited, one of them is enough. */
function isDay({ days, months, weekdays }: Cron, date: Date): boolean {
  if (!months.values.has(date.getUTCMonth() + 1)) return false;
  const [isDayOfMonth, isWeekday] = [
    days.values.has(date.getUTCDate()),
    weekdays.values.has(date.getUTCDay()),
  ];
  return days.isAny || weekdays.isAny ? isDayOfMonth && isWeekday : isDayOfMonth || isWeekday;
}

function sorted({ values }: CronField): number[] {
  return [...values].sort((a, b) => a - b);
}
