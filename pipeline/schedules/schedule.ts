import { createHash } from 'node:crypto';

import { asRecord, parseRecord, recordOf } from '../../common/json.js';
import type { ScheduleEntry } from '../../generator/plan/plan-types.js';
import { KFP_ID } from '../../generator/workflow/step-output.js';

/** A recurring run of a pipeline, as a repository wants it. */
export interface WantedSchedule {
  /** Unique in its repository. */
  readonly name: string;
  /** As Kubeflow Pipelines reads it: six fields, seconds first. */
  readonly cron: string;
  readonly enabled: boolean;
  /** What the pipeline declares. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly pipelineId: string;
  /** Without it, each run would take the newest version, that of a pull request too. */
  readonly versionId: string;
  readonly experimentId: string;
  /** {@link entryHash} of what the configuration says. */
  readonly entry: string;
}

/** A recurring run of Kubeflow Pipelines that Kfops made. */
export interface ExistingSchedule {
  readonly id: string;
  /** Its name in its repository. */
  readonly name: string;
  /** Of what was wanted when it was made. */
  readonly fingerprint: string;
  /** {@link entryHash} of what the configuration said then. */
  readonly entry: string;
  /** As it is now, which people can change in Kubeflow's pages. */
  readonly enabled: boolean;
  readonly cron: string;
  readonly versionId: string;
}

/** The line of a description that says whose a recurring run is. */
const MARK = 'kfops-schedule: ';

/**
 * The body of the call that creates a recurring run: one run at a time, and none for times that were missed. It names no
 * service account, as runs don't: both get the server's default.
 */
export function recurringRun(repository: string, wanted: WantedSchedule): Readonly<Record<string, unknown>> {
  const mark = { repository, name: wanted.name, fingerprint: fingerprintOf(wanted), entry: wanted.entry };
  return {
    display_name: wanted.name,
    description: `Made by Kfops for ${repository}. Change it in config_files/config.yaml.\n${MARK}${JSON.stringify(mark)}`,
    pipeline_version_reference: { pipeline_id: wanted.pipelineId, pipeline_version_id: wanted.versionId },
    runtime_config: { parameters: wanted.parameters },
    max_concurrency: '1',
    trigger: { cron_schedule: { cron: wanted.cron } },
    mode: wanted.enabled ? 'ENABLE' : 'DISABLE',
    no_catchup: true,
    experiment_id: wanted.experimentId,
  };
}

/** @returns undefined where it isn't one of this repository that Kfops made */
export function existingSchedule(
  repository: string,
  object: Readonly<Record<string, unknown>>,
): ExistingSchedule | undefined {
  const {
    recurring_run_id: id,
    description,
    mode,
    status,
    trigger,
    pipeline_version_reference: reference,
  } = object;
  // It becomes a part of an address.
  if (typeof id !== 'string' || !KFP_ID.test(id) || typeof description !== 'string') return undefined;
  const line = description.split('\n').find((each) => each.startsWith(MARK));
  const mark = line === undefined ? undefined : parseRecord(line.slice(MARK.length));
  const { name, fingerprint, repository: owner, entry } = mark ?? {};
  if (typeof name !== 'string' || typeof fingerprint !== 'string' || typeof owner !== 'string')
    return undefined;
  // GitHub doesn't tell upper from lower case.
  if (owner.toLowerCase() !== repository.toLowerCase()) return undefined;
  const { cron } = recordOf(asRecord(trigger)?.cron_schedule);
  const { pipeline_version_id: versionId } = recordOf(reference);
  return {
    id,
    name,
    fingerprint,
    entry: typeof entry === 'string' ? entry : '',
    enabled: mode === 'ENABLE' && status !== 'DISABLED',
    cron: typeof cron === 'string' ? cron : '',
    versionId: typeof versionId === 'string' ? versionId : '',
  };
}

/** The same for schedules that do the same. */
export function fingerprintOf(wanted: WantedSchedule): string {
  return hash(wanted);
}

/** The same for a schedule that the configuration describes in the same way, whatever version it runs. */
export function entryHash(entry: ScheduleEntry): string {
  return hash(entry);
}

function hash(value: unknown): string {
  return createHash('sha256').update(canonical(value)).digest('hex').slice(0, 32);
}

/** JSON with the keys in order. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const record = asRecord(value);
  if (!record) return JSON.stringify(value);
  const keys = Object.keys(record).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(record[key])}`).join(',')}}`;
}
