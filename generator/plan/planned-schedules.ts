import { readCron, type Cron } from '../../schema/cron.js';
import type { Diagnostic } from '../../schema/index.js';
import type { Project } from '../project/project.js';
import { writtenTexts } from './argument-details.js';
import type { PlannedPipeline, PlannedSchedule, ScheduleEntry } from './plan-types.js';

/** The schedules of the configuration, in its order. */
export function plannedSchedules({ config }: Pick<Project, 'config'>): readonly PlannedSchedule[] {
  return config.value.pipeline.schedules.map((schedule, index) => {
    const texts = writtenTexts(config, ['pipeline', 'schedules', index, 'arguments'], schedule.arguments);
    return {
      name: schedule.name,
      cron: schedule.cron,
      enabled: schedule.enabled,
      arguments: schedule.arguments,
      ...(texts && { texts }),
    };
  });
}

/** The schedules as the publish step gets them: each with all arguments of its runs. */
export function scheduleEntries({
  schedules,
  arguments: usual,
  argumentDetails,
}: Pick<PlannedPipeline, 'schedules' | 'arguments' | 'argumentDetails'>): readonly ScheduleEntry[] {
  return schedules.map(({ name, cron, enabled, arguments: own, texts: ownTexts }) => {
    const texts = { ...omitKeys(argumentDetails?.texts ?? {}, own), ...ownTexts };
    return {
      name,
      cron: cronOf(cron).kubeflow,
      enabled,
      arguments: { ...usual, ...own },
      ...(Object.keys(texts).length > 0 && { texts }),
      set: Object.keys(own),
    };
  });
}

/** Reads a schedule of a configuration that was checked. */
export function cronOf(text: string): Cron {
  const cron = readCron(text);
  if ('problem' in cron) throw new Error(`the schedule ${text} ${cron.problem}`);
  return cron;
}

/** The build applies schedules, and there is nowhere to apply them. */
export function checkSchedules(
  { config, settings }: Pick<Project, 'config' | 'settings'>,
  applied: boolean,
): Diagnostic[] {
  if (!applied || settings.kfp || config.value.pipeline.schedules.length === 0) return [];
  return [
    config.diagnostic(['pipeline', 'schedules'], {
      code: 'KFP_MISSING',
      severity: 'warning',
      message: 'The schedules are not applied: the settings have no `kfp`.',
      hint: 'Set `kfp.endpoint` in the settings to the address of your Kubeflow Pipelines, or remove the schedules.',
    }),
  ];
}

function omitKeys(
  texts: Readonly<Record<string, string>>,
  keys: Readonly<Record<string, unknown>>,
): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).filter(([name]) => !Object.hasOwn(keys, name)));
}
