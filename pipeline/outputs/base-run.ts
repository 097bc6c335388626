import { idOf, itemsOf } from '../kfp-answers.js';
import type { KfpClient } from '../kfp.js';
import { byState } from '../kfp-names.js';
import { versionsOfBranch } from '../version.js';

/** A run, and what it is compared with. */
export interface ComparedRun {
  readonly runId: string;
  readonly experimentId: string;
  readonly pipelineId: string;
  /** The base branch, as the names of its versions begin. */
  readonly branch: string;
}

/** The last successful run of a branch. */
export interface SuccessfulRun {
  readonly runId: string;
  /** Name of its version. */
  readonly version: string;
}

const PAGE = 100;
const MOST_PAGES = 5;

/**
 * The newest successful run of a version of the base branch, in the experiment of another run and of the same pipeline.
 *
 * @returns undefined where there is none among the newest 100 versions and 500 successful runs
 * @throws ServiceError where KFP is not reached or refuses
 */
export async function lastSuccessfulRun(
  client: KfpClient,
  { runId, experimentId, pipelineId, branch }: ComparedRun,
): Promise<SuccessfulRun | undefined> {
  const versions = await versionsOfBranch(client, pipelineId, branch);
  if (versions.size === 0) return undefined;
  let page: unknown = '';
  for (let pages = 0; pages < MOST_PAGES && typeof page === 'string'; pages++) {
    const query = {
      experiment_id: experimentId,
      filter: byState('SUCCEEDED'),
      sort_by: 'created_at desc',
      page_size: String(PAGE),
      ...(page !== '' && { page_token: page }),
    };
    const answer = await client.call({ method: 'GET', path: '/runs', query });
    for (const run of itemsOf(answer.runs)) {
      const reference = run.pipeline_version_reference as { pipeline_version_id?: unknown } | undefined;
      const version = versions.get(String(reference?.pipeline_version_id));
      const id = idOf(run, 'run_id', `a run of ${branch}`);
      if (version !== undefined && id !== runId && run.state === 'SUCCEEDED') return { runId: id, version };
    }
    page = answer.next_page_token === '' ? undefined : answer.next_page_token;
  }
  return undefined;
}
