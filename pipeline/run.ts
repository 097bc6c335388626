import { setTimeout as sleep } from 'node:timers/promises';

import { ServiceError, WorkError } from '../schema/errors.js';
import { idOf, itemsOf, nothingFor } from './kfp-answers.js';
import { KfpRefusal, type KfpClient } from './kfp.js';
import { byName } from './kfp-names.js';
import { parametersOf, type ArgumentDetails } from './parameters.js';
import { failureOf, isEnd, unreadable, waitingFor, wasStopped, type EndState } from './run-state.js';
import type { Published } from './version.js';

/** A run to be. */
export interface RunRequest extends ArgumentDetails {
  /** The same for every try of one build, so that a second try finds it. */
  readonly name: string;
  readonly namespace: string;
  readonly experiment: string;
  readonly published: Published;
  /** `pipeline.pipeline_args` of the configuration. */
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** A run that is there. */
export interface StartedRun {
  readonly runId: string;
  readonly experimentId: string;
  /** Arguments that the pipeline does not declare, and that were not sent. */
  readonly ignored: readonly string[];
}

/** The end of a run. */
export interface RunResult {
  /** `CANCELED` where it was told to stop, also where KFP calls that `FAILED`. */
  readonly state: EndState;
  /** Where it failed: KFP's own words, or the steps that did. */
  readonly message?: string;
}

/** How a run is followed. */
export interface FollowOptions {
  /** Between two looks, in milliseconds. Default: 10 s. */
  readonly interval?: number;
  /** How long KFP may be away before that is an error, in milliseconds. Default: 15 minutes. */
  readonly patience?: number;
  /** When an attempt ended before it was continued: the server may tell of that end a while longer. */
  readonly failedAt?: string;
  /** Each state once. */
  readonly onState?: (state: string) => void;
  /** The steps that the run has waited for since the last look, each time that they change; none: it runs. */
  readonly onWaiting?: (steps: readonly string[]) => void;
  readonly signal?: AbortSignal;
}

/** How often a run that continues may still be told of as failed. */
const STALE_LOOKS = 12;

/** How often a run whose answer was lost is looked for, and created again. */
const ATTEMPTS = 4;

/** In bytes: https://github.com/kubeflow/pipelines, `validation.LengthSpecs`; a longer one is an internal error there. */
const LONGEST_EXPERIMENT = 128;

/**
 * Starts a run of a version, in its experiment, which is created where it is not there. Doing it again gives the same
 * run. KFP has no key for that, so it is looked up by its name first, and after every answer that was lost.
 *
 * @throws WorkError where an argument is missing or has the wrong type, or KFP refuses the arguments
 * @throws ServiceError where KFP is not reached or refuses
 */
export async function startRun(client: KfpClient, request: RunRequest): Promise<StartedRun> {
  const { published, name } = request;
  const { parameters, ignored } = parametersOf(
    published.pipeline,
    request.arguments,
    published.version,
    request,
  );
  const experimentId = await ensureExperiment(client, request);
  for (let attempt = 1; ; attempt++) {
    const found = await findRun(client, name, experimentId, published.versionId);
    if (found !== undefined) return { runId: found, experimentId, ignored };
    try {
      const run = await client.call({
        method: 'POST',
        path: '/runs',
        body: {
          display_name: name,
          experiment_id: experimentId,
          pipeline_version_reference: {
            pipeline_id: published.pipelineId,
            pipeline_version_id: published.versionId,
          },
          runtime_config: { parameters },
        },
        again: false,
      });
      return { runId: idOf(run, 'run_id', `the run ${name}`), experimentId, ignored };
    } catch (error) {
      const placeholder = unresolved(error);
      if (placeholder !== undefined)
        throw new WorkError(
          `Kubeflow Pipelines does not start the run: nothing fills in \`${placeholder}\` of the pipeline`,
          'Remove it from the pipeline, or make it a parameter, then build again.',
          { cause: error },
        );
      if (error instanceof KfpRefusal && error.status === 400)
        throw new WorkError(
          `Kubeflow Pipelines does not start the run: ${error.problem}`,
          'Compare `pipeline.pipeline_args` with the parameters of the pipeline.',
          { cause: error },
        );
      const lost = error instanceof ServiceError && (!(error instanceof KfpRefusal) || error.mayPass);
      if (!lost || attempt >= ATTEMPTS) throw error;
    }
  }
}

/**
 * The server answers with 500, every time, where the workflow of the run has a placeholder of Argo that has no value:
 * `ValidateWorkflow` of argo-workflows, called by `CreateRun` of its resource manager.
 */
function unresolved(error: unknown): string | undefined {
  if (!(error instanceof KfpRefusal) || error.status !== 500) return undefined;
  return /failed to resolve (\{\{[^{}]{1,200}\}\})/.exec(error.problem)?.[1];
}

/**
 * Finds an experiment by its name, or creates it.
 *
 * @returns its id
 * @throws WorkError where its name is too long; ServiceError
 */
export async function ensureExperiment(
  client: KfpClient,
  { experiment, namespace }: Pick<RunRequest, 'experiment' | 'namespace'>,
): Promise<string> {
  const find = async (): Promise<Readonly<Record<string, unknown>> | undefined> => {
    const query = { namespace, filter: byName(experiment), page_size: '2' };
    const { experiments } = await client.call({ method: 'GET', path: '/experiments', query });
    return itemsOf(experiments)[0];
  };
  const there = await find();
  if (!there && Buffer.byteLength(experiment) > LONGEST_EXPERIMENT)
    throw new WorkError(
      `the name of the experiment has more than ${LONGEST_EXPERIMENT} bytes, which Kubeflow Pipelines does not take`,
      'Shorten `pipeline.experiment_name`.',
    );
  const found =
    there ??
    (await client
      .call({ method: 'POST', path: '/experiments', body: { display_name: experiment, namespace } })
      .catch(nothingFor(409))) ??
    (await find());
  return idOf(found, 'experiment_id', `the experiment ${experiment}`);
}

/**
 * Stops a run. A run that has ended stays as it is.
 *
 * @throws ServiceError where KFP is not reached or refuses
 */
export async function terminateRun(client: KfpClient, runId: string): Promise<void> {
  await client
    .call({ method: 'POST', path: `/runs/${encodeURIComponent(runId)}:terminate` })
    .catch((error: unknown) => {
      // It has ended, or was deleted.
      if (!(error instanceof KfpRefusal) || error.mayPass || error.status === 401 || error.status === 403)
        throw error;
    });
}

/** A stopped run doesn't count: its step was stopped, and starts again. */
async function findRun(
  client: KfpClient,
  name: string,
  experimentId: string,
  versionId: string,
): Promise<string | undefined> {
  const { runs } = await client.call({
    method: 'GET',
    path: '/runs',
    query: { experiment_id: experimentId, filter: byName(name), sort_by: 'created_at desc', page_size: '10' },
  });
  for (const run of itemsOf(runs)) {
    const reference = run.pipeline_version_reference as { pipeline_version_id?: unknown } | undefined;
    if (wasStopped(run)) continue;
    if (run.display_name === name && reference?.pipeline_version_id === versionId)
      return idOf(run, 'run_id', `the run ${name}`);
  }
  return undefined;
}

/**
 * Follows a run to its end.
 *
 * @throws ServiceError where KFP is away for longer than the patience, or the run was deleted
 */
export async function followRun(
  client: KfpClient,
  runId: string,
  options: FollowOptions = {},
): Promise<RunResult> {
  const { interval = 10_000, patience = 15 * 60_000, failedAt, onState, onWaiting, signal } = options;
  let stale = failedAt === undefined ? 0 : STALE_LOOKS;
  let lastState = '';
  let pending = '';
  let told = '';
  let answered = Date.now();
  for (;;) {
    try {
      const run = await client.call({ method: 'GET', path: `/runs/${encodeURIComponent(runId)}` });
      const problem = unreadable(run);
      if (problem !== undefined) throw cannotRead(problem);
      answered = Date.now();
      const isStale = stale-- > 0 && run.state === 'FAILED' && run.finished_at === failedAt;
      const state = typeof run.state === 'string' && !isStale ? run.state : 'PENDING';
      const wasStopping = lastState === 'CANCELING';
      if (state !== lastState) onState?.(state);
      lastState = state;
      const steps = waitingFor(run);
      const now = steps.join(', ');
      // A pod that is pending at one look only is a matter of seconds.
      if (now === pending && now !== told) {
        onWaiting?.(steps);
        told = now;
      }
      pending = now;
      if (isEnd(state)) {
        if (state === 'FAILED' && (wasStopping || wasStopped(run))) return { state: 'CANCELED' };
        const message = failureOf(run);
        return { state, ...(message !== undefined && { message }) };
      }
    } catch (error) {
      const gone = !(error instanceof ServiceError) || (error instanceof KfpRefusal && !error.mayPass);
      if (signal?.aborted || gone || Date.now() - answered > patience) throw error;
    }
    await sleep(interval, undefined, signal && { signal });
  }
}

function cannotRead(problem: string): ServiceError {
  const nextStep = 'Look at the log of ml-pipeline.';
  return new ServiceError(
    'Kubeflow Pipelines',
    'the API server',
    `it cannot read the run: ${problem}`,
    nextStep,
  );
}
