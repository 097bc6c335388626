import { createHash } from 'node:crypto';

import { asRecord, recordOf } from '../../common/json.js';
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

/**
 * The line of a description that says whose a recurring run is: hashes of the repository, of what was wanted, and of what
 * the configuration says. Kubeflow's database keeps 255 characters of a description (`DefaultStringSize` in
 * client_manager.go); a longer one fails after the schedule was made in the cluster, where nobody finds it.
 */
const MARK = /^kfops-schedule: ([0-9a-f]{20}) ([0-9a-f]{20}) ([0-9a-f]{20})$/m;
/** 80 bits: nobody can look for a repository's name that has the hash of another one. */
const HASH_DIGITS = 20;

/**
 * The body of the call that creates a recurring run: one run at a time, and none for times that were missed. It names no
 * service account, as runs don't: both get the server's default.
 */
export function recurringRun(repository: string, wanted: WantedSchedule): Readonly<Record<string, unknown>> {
  const mark = [ownerHash(repository), fingerprintOf(wanted), wanted.entry].join(' ');
  return {
    display_name: wanted.name,
    description: `Made by Kfops for ${repository}\nkfops-schedule: ${mark}`,
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
    display_name: name,
    description,
    mode,
    status,
    trigger,
    pipeline_version_reference: reference,
  } = object;
  // It becomes a part of an address.
  if (typeof id !== 'string' || !KFP_ID.test(id) || typeof description !== 'string') return undefined;
  const [, owner, fingerprint = '', entry = ''] = MARK.exec(description) ?? [];
  if (typeof name !== 'string' || owner !== ownerHash(repository)) return undefined;
  const { cron } = recordOf(asRecord(trigger)?.cron_schedule);
  const { pipeline_version_id: versionId } = recordOf(reference);
  return {
    id,
    name,
    fingerprint,
    entry,
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
  return createHash('sha256').update(canonical(value)).digest('hex').slice(0, HASH_DIGITS);
}

/** GitHub doesn't tell upper from lower case. */
function ownerHash(repository: string): string {
  return hash(repository.toLowerCase());
}

/** JSON with the keys in order. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const record = asRecord(value);
  if (!record) return JSON.stringify(value);
  const keys = Object.keys(record).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(record[key])}`).join(',')}}`;
}
