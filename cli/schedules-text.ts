import type { PlannedSchedule } from '../generator/plan/plan-types.js';
import { APPLIED_WHEN, nextText, nextTimes, TIME_ZONE } from '../generator/plan/schedule-times.js';
import type { ComparedSchedule } from '../pipeline/schedules/compare-schedules.js';
import type { ExistingSchedule } from '../pipeline/schedules/schedule.js';
import { readCron } from '../schema/cron.js';
import { escapeTerminal } from '../templates/escape.js';
import type { Style } from '../templates/style.js';
import type { SchedulesHere } from './compare-schedules.js';
import { table } from './output/table.js';

/** Times that the JSON has of each schedule. */
const NEXT_TIMES = 3;

/** The schedules of a repository for a person. Ends without a line break. */
export function schedulesText(
  { repository, namespace, schedules, compared }: SchedulesHere,
  now: Date,
  style: Style,
): string {
  const title = `${style.bold(`Schedules of ${escapeTerminal(repository)}`)}  ${style.dim(`times in ${TIME_ZONE}, ${APPLIED_WHEN}`)}`;
  const rows = compared
    ? compared.map((each) => comparedRow(each, schedules, now))
    : schedules.map((each) => [each.name, each.cron, nextText(each, now), '']);
  const note = compared
    ? []
    : ['', 'Kubeflow Pipelines was not asked: the settings have no kfp. Set `kfp.endpoint` there.'];
  if (rows.length === 0) {
    const there = compared ? `, and Kubeflow Pipelines has none in ${escapeTerminal(namespace)}` : '';
    return [`${escapeTerminal(repository)} has no schedules in its configuration${there}.`, ...note].join(
      '\n',
    );
  }
  const lines = table(
    [{}, {}, {}, {}],
    rows.map((row) => row.map(escapeTerminal)),
  );
  return [title, ...lines.map((line) => `  ${line}`), ...note].join('\n');
}

function comparedRow(
  compared: ComparedSchedule,
  schedules: readonly PlannedSchedule[],
  now: Date,
): readonly string[] {
  const { name, state } = compared;
  if (state === 'extra') {
    const { cron, enabled } = compared.existing;
    const next = enabled ? nextOfExisting(cron, now) : 'disabled';
    return [name, cron, next, 'extra: not in this configuration'];
  }
  const { cron = '', enabled = false } = schedules.find((each) => each.name === name) ?? {};
  return [name, cron, nextText({ cron, enabled }, now), stateText(compared)];
}

function stateText(compared: Exclude<ComparedSchedule, { readonly state: 'extra' }>): string {
  if (compared.state === 'missing') return 'missing: not in Kubeflow Pipelines';
  if (compared.state === 'same') return 'same';
  const { differences, existing } = compared;
  const texts = differences.map((each) => {
    if (each === 'time') return `time is ${existing.cron}`;
    if (each === 'state') return existing.enabled ? 'is enabled' : 'is disabled';
    return 'other arguments';
  });
  return `differs in Kubeflow Pipelines: ${texts.join(', ')}`;
}

/** Six fields as Kfops writes them; others in Kubeflow Pipelines can be of any form. */
function nextOfExisting(cron: string, now: Date): string {
  const five = cron.startsWith('0 ') ? cron.slice(2) : '';
  return 'problem' in readCron(five) ? '' : nextText({ cron: five, enabled: true }, now);
}

/** The same for programs. */
export function schedulesJson({ repository, namespace, schedules, compared }: SchedulesHere, now: Date) {
  const common = { repository, namespace, timeZone: TIME_ZONE, note: APPLIED_WHEN };
  const wanted = schedules.map((schedule) => {
    const { name, cron, enabled, arguments: given } = schedule;
    const found = compared?.find((each) => each.state !== 'extra' && each.name === name);
    const next = nextTimes(schedule, now, NEXT_TIMES);
    return { name, cron, enabled, arguments: given, next, ...(found && stateJson(found)) };
  });
  const extra = (compared ?? []).flatMap((each) =>
    each.state === 'extra'
      ? [{ name: each.name, cron: each.existing.cron, enabled: each.existing.enabled, ...stateJson(each) }]
      : [],
  );
  return { ...common, isCompared: compared !== undefined, schedules: [...wanted, ...extra] };
}

function stateJson(compared: ComparedSchedule) {
  if (compared.state === 'missing') return { state: compared.state };
  return {
    state: compared.state,
    ...(compared.state === 'differs' && { differences: compared.differences }),
    kubeflow: kubeflowJson(compared.existing),
  };
}

function kubeflowJson({ id, versionId, cron, enabled }: ExistingSchedule) {
  return { recurringRunId: id, versionId, cron, enabled };
}
