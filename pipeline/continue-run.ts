import { setTimeout as sleep } from 'node:timers/promises';

import { ServiceError } from '../schema/errors.js';
import { idOf, nothingFor } from './kfp-answers.js';
import { KfpRefusal, type KfpClient } from './kfp.js';
import { unreadable, wasStopped } from './run-state.js';

/** A failed run to continue. */
export interface ContinueRequest {
  readonly runId: string;
  /** Id of the version that is wanted: a run of another one doesn't continue. */
  readonly versionId: string;
  /** Between two attempts, in milliseconds. Default: 10 s. */
  readonly interval?: number;
  readonly signal?: AbortSignal;
}

/** A run that continues, or why it doesn't: a clause without its full stop. */
export type ContinuedRun =
  | {
      readonly runId: string;
      readonly experimentId: string;
      /** When the attempt ended that failed, as KFP writes it: a run with this end has not continued yet. */
      readonly failedAt?: string;
    }
  | { readonly refused: string };

const ATTEMPTS = 4;

/**
 * Has the server continue a run from the steps that failed. Doing it again does no harm: a run that continues already is
 * left alone. `RetryRun` of KFP's resource_manager.go refuses a run that is archived, whose workflow isn't failed or is
 * stored outside of its object; it answers with 400 or 500. A run that somebody stopped could continue there; here it
 * doesn't, as its end was wanted.
 *
 * @throws ServiceError where KFP is not reached, or refuses the account
 */
export async function continueRun(client: KfpClient, request: ContinueRequest): Promise<ContinuedRun> {
  const { runId, versionId, interval = 10_000, signal } = request;
  const path = `/runs/${encodeURIComponent(runId)}`;
  for (let attempt = 1; ; attempt++) {
    const run = await client.call({ method: 'GET', path }).catch(nothingFor(404));
    if (!run) return { refused: 'it no longer exists' };
    const problem = unreadable(run);
    if (problem !== undefined) return { refused: `the API server cannot read it: ${problem}` };
    const { pipeline_version_reference: reference, state, storage_state: storage, finished_at: end } = run;
    if ((reference as { pipeline_version_id?: unknown } | undefined)?.pipeline_version_id !== versionId)
      return { refused: 'it is a run of another version' };
    if (wasStopped(run)) return { refused: 'it was stopped' };
    const there = {
      runId: idOf(run, 'run_id', `the run ${runId}`),
      experimentId: idOf(run, 'experiment_id', `the experiment of the run ${runId}`),
    };
    if (state !== 'FAILED') return there;
    if (storage === 'ARCHIVED') return { refused: 'it is archived' };
    try {
      await client.call({ method: 'POST', path: `${path}:retry`, again: false });
      return { ...there, ...(typeof end === 'string' && { failedAt: end }) };
    } catch (error) {
      if (!(error instanceof ServiceError) || signal?.aborted) throw error;
      const isRefusal = error instanceof KfpRefusal && error.status !== 401;
      if (isRefusal && (!error.mayPass || attempt >= ATTEMPTS)) return { refused: error.problem };
      // The answer may be all that was lost: the run tells.
      if (attempt >= ATTEMPTS) throw error;
    }
    await sleep(interval, undefined, signal && { signal });
  }
}
