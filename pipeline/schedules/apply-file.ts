import type { ScheduleEntry } from '../../generator/plan/plan-types.js';
import type { ScheduleChanges } from '../../generator/results/schedule-changes.js';
import { WorkError } from '../../schema/errors.js';
import { KfpRefusal, type KfpClient } from '../kfp.js';
import { parametersOf } from '../parameters.js';
import { ensureExperiment } from '../run.js';
import type { Published } from '../version.js';
import { applySchedules, type ScheduleOwner } from './apply-schedules.js';
import type { SchedulePlan } from './plan-schedules.js';
import { entryHash, type WantedSchedule } from './schedule.js';

/** What is applied. */
export interface ScheduleRequest extends ScheduleOwner {
  readonly experiment: string;
  /** The version that they run. */
  readonly published: Published;
  readonly entries: readonly ScheduleEntry[];
}

/**
 * Makes the recurring runs of a repository those of its configuration, each pinned to the version just published.
 *
 * @returns undefined where the repository has none and the server doesn't show whether there were any
 * @throws WorkError where the pipeline doesn't take the arguments of a schedule; then nothing was changed
 * @throws ServiceError where KFP is not reached or refuses
 */
export async function applyFile(
  client: KfpClient,
  { entries, published, ...request }: ScheduleRequest,
): Promise<ScheduleChanges | undefined> {
  const parameters = entries.map((entry) => parametersFor(entry, published));
  if (entries.length === 0)
    return applySchedules(client, request, []).then(changesOf, (error: unknown) => {
      // An account that cannot list them has never created one.
      if (error instanceof KfpRefusal && error.status === 403) return undefined;
      throw error;
    });
  const experimentId = await ensureExperiment(client, request);
  const wanted = entries.map((entry, index): WantedSchedule => ({
    name: entry.name,
    cron: entry.cron,
    enabled: entry.enabled,
    parameters: parameters[index] ?? {},
    pipelineId: published.pipelineId,
    versionId: published.versionId,
    experimentId,
    entry: entryHash(entry),
  }));
  return changesOf(await applySchedules(client, request, wanted));
}

function parametersFor(
  { name, arguments: given, texts, set }: ScheduleEntry,
  { pipeline, version }: Published,
): Readonly<Record<string, unknown>> {
  try {
    return parametersOf(pipeline, given, version, { ...(texts && { texts }), set }).parameters;
  } catch (error) {
    if (!(error instanceof WorkError)) throw error;
    throw new WorkError(
      `the schedule ${name} can't run: ${error.message}`,
      'Correct its `arguments`, or `pipeline.pipeline_args`.',
      { cause: error },
    );
  }
}

function changesOf({ create, keep, remove }: SchedulePlan): ScheduleChanges {
  const before = new Set(remove.map(({ name }) => name));
  const now = new Set([...create.map(({ name }) => name), ...keep.map(({ wanted }) => wanted.name)]);
  return {
    created: create.filter(({ name }) => !before.has(name)).map(({ name }) => name),
    replaced: create.filter(({ name }) => before.has(name)).map(({ name }) => name),
    kept: keep.map(({ wanted }) => wanted.name),
    removed: [...before].filter((name) => !now.has(name)),
  };
}
