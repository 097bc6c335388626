import { LONGEST_REASON, type BaseRun, type RunOutputs } from '../../generator/results/run-outputs.js';
import type { RunOutput } from '../../generator/results/step-outputs.js';
import { cutEnd } from '../../schema/cut.js';
import { ServiceError } from '../../schema/errors.js';
import type { KfpClient, KfpOptions } from '../kfp.js';
import { lastSuccessfulRun } from './base-run.js';
import { openStore } from './open-store.js';
import type { OutputsStore, RunMetric, StoredOutputs } from './ports.js';
import { summariseOutputs } from './summarise-outputs.js';

/** A run that has ended, and where what it produced is read. */
export interface ProducedRequest {
  /** The setting `kfp.outputs`. */
  readonly from: string;
  readonly run: Pick<RunOutput, 'run_id' | 'experiment_id' | 'pipeline_id'>;
  /** The base branch, as the names of its versions begin; absent: nothing to compare with. */
  readonly branch?: string;
  readonly signal?: AbortSignal;
  /** For all of it, in milliseconds. Default: 30 s. */
  readonly timeout?: number;
}

/** For one call, in milliseconds. */
const CALL_MS = 10_000;
const ATTEMPTS = 2;

/**
 * What a run produced, next to what the last successful run of the base branch did. Never fails: what can't be read is
 * unknown, with the reason.
 *
 * @param connect - makes a client of Kubeflow Pipelines that gives up early
 * @returns undefined if it is stopped
 */
export async function produced(
  { from, run, branch, signal, timeout = 30_000 }: ProducedRequest,
  connect: (signal: AbortSignal, patience: Pick<KfpOptions, 'timeout' | 'attempts'>) => KfpClient,
): Promise<RunOutputs | undefined> {
  const late = AbortSignal.timeout(timeout);
  const stop = signal ? AbortSignal.any([signal, late]) : late;
  const reason = (error: unknown): string => reasonOf(error, late.aborted ? timeout : undefined);
  let store: OutputsStore | undefined;
  try {
    const client = connect(stop, { timeout: Math.min(CALL_MS, timeout), attempts: ATTEMPTS });
    store = await openStore(from, client, { timeout, signal: stop });
    if (store === undefined) return { unknown: `${JSON.stringify(from)} is no address of a metadata store` };
    const outputs = await store.read(run.run_id);
    const base = branch === undefined ? undefined : await compared(client, store, run, branch, reason);
    if (signal?.aborted) return undefined;
    return summariseOutputs(outputs, base);
  } catch (error) {
    return signal?.aborted ? undefined : { unknown: reason(error) };
  } finally {
    store?.close();
  }
}

/** The run of the base branch with its metrics, or why they are unknown. */
async function compared(
  client: KfpClient,
  store: OutputsStore,
  { run_id: runId, experiment_id: experimentId, pipeline_id: pipelineId }: ProducedRequest['run'],
  branch: string,
  reason: (error: unknown) => string,
): Promise<{ readonly run: BaseRun; readonly metrics: readonly RunMetric[] }> {
  try {
    const found = await lastSuccessfulRun(client, { runId, experimentId, pipelineId, branch });
    if (!found) return { run: { branch }, metrics: [] };
    const { metrics }: StoredOutputs = await store.read(found.runId);
    return { run: { branch, ...found }, metrics };
  } catch (error) {
    return { run: { branch, unknown: reason(error) }, metrics: [] };
  }
}

/** A clause that names the service and its address, with the next step. */
function reasonOf(error: unknown, timeout: number | undefined): string {
  const text =
    error instanceof ServiceError
      ? `${error.message}. ${error.nextStep.replace(/\.$/, '')}`
      : timeout !== undefined
        ? `no answer within ${timeout / 1000} s`
        : error instanceof Error
          ? error.message
          : String(error);
  return cutEnd(text, LONGEST_REASON);
}
