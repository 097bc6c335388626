import { RUN_WAITS, type RunOutput } from '../generator/results/step-outputs.js';
import type { RunOutputs } from '../generator/results/run-outputs.js';
import { INVALID } from '../generator/workflow/step-output.js';
import { WorkError } from '../schema/errors.js';
import {
  clientOf,
  KFP_ARGUMENTS,
  readJsonObject,
  stepArguments,
  writeResult,
  type StepArguments,
  type StepIo,
} from './arguments.js';
import { continueRun } from './continue-run.js';
import { argumentDetails } from './parameters.js';
import type { KfpClient } from './kfp.js';
import { produced } from './outputs/produced.js';
import { followRun, startRun, terminateRun, type StartedRun } from './run.js';
import { findVersion, type Published } from './version.js';

const ARGUMENTS = [
  ...KFP_ARGUMENTS,
  'output',
  'experiment',
  'name',
  'pipeline',
  'pipeline-id',
  'version',
  'newest-of',
  'version-id',
  'arguments',
  'argument-details',
  'retry-run',
  'outputs',
  'base-branch',
];

const CONTINUES = 'the run continues';
const NAMED_STEPS = 5;

const NEXT_STEP = 'Check that `kfp.endpoint` in the settings is the address of Kubeflow Pipelines.';

function waitText(steps: readonly string[], namespace: string): string {
  const more = steps.length > NAMED_STEPS ? ` and ${steps.length - NAMED_STEPS} more` : '';
  const names = `${steps.slice(0, NAMED_STEPS).join(', ')}${more}`;
  return `${names} can't start; see why: kubectl get events -n ${namespace} --field-selector type=Warning`;
}

/**
 * The last step: starts a run of a version and follows it to its end. Writes `result.json` into the folder `--output`
 * as soon as there is a run, and once more at its end, also where it failed. When it is stopped, it stops the run. With
 * `--retry-run`, the id of a run that failed, that run continues; where it can't, a new run starts.
 *
 * With `--outputs` the result has what the run produced, with `--base-branch` next to what the last successful run of that
 * branch did.
 *
 * @param argv - `--output --endpoint [--token-file] --namespace --experiment --name --arguments`, `--pipeline` (its name)
 *   or `--pipeline-id`, and `--version` (its name), `--newest-of` (of several builds' versions) or `--version-id`;
 *   arguments is a JSON file, and `--argument-details` one with `texts` and `set`, as {@link RunRequest} has them
 * @throws WorkError where the run did not succeed, or there is no such version; ServiceError
 */
export async function runStep(argv: readonly string[], io: StepIo): Promise<void> {
  const args = stepArguments(argv, ARGUMENTS);
  const output = args.needed('output');
  const namespace = args.needed('namespace');
  const client = clientOf(args, io.signal);
  for (const name of ['pipeline-id', 'version-id'])
    if (args.optional(name) === INVALID)
      throw new WorkError(`the publish step reported a ${name.replace('-', ' ')} that isn't one`, NEXT_STEP);
  const published = await findVersion(client, {
    namespace,
    pipeline: args.optional('pipeline'),
    pipelineId: args.optional('pipeline-id'),
    version: args.optional('version'),
    newestOf: args.optional('newest-of'),
    versionId: args.optional('version-id'),
  });
  const run = await theRun(args, client, published, io);
  const result: RunOutput = {
    run_id: run.runId,
    experiment_id: run.experimentId,
    pipeline_id: published.pipelineId,
    version_id: published.versionId,
    version: published.version,
    state: 'PENDING',
    ignored: run.ignored.slice(0, 40),
    ...run.retry,
  };
  await writeResult(output, result);
  if (run.retry?.not_continued !== undefined)
    io.log(`warning: the failed run can't continue: ${run.retry.not_continued}; a new one starts`);
  io.log(`run ${run.runId} of version ${published.version}${run.retry?.continued ? ' continues' : ''}`);
  for (const name of run.ignored) io.log(`warning: the pipeline has no parameter ${name}`);
  try {
    const { state, message } = await followRun(client, run.runId, {
      onState: (state) => {
        io.log(state);
      },
      onWaiting: (steps) => {
        io.log(steps.length === 0 ? CONTINUES : `${RUN_WAITS}${waitText(steps, namespace)}`);
      },
      ...(run.failedAt !== undefined && { failedAt: run.failedAt }),
      ...(io.signal && { signal: io.signal }),
      ...(io.interval !== undefined && { interval: io.interval }),
    });
    const ended = { ...result, state, ...(message !== undefined && { message }) };
    await writeResult(output, ended);
    const outputs = await outputsOf(args, ended, io);
    if (outputs) await writeResult(output, { ...ended, outputs });
    if (state === 'FAILED' || state === 'CANCELED')
      throw new WorkError(`the run ended with ${state}${message === undefined ? '' : `: ${message}`}`);
  } catch (error) {
    if (!io.signal?.aborted) throw error;
    // A client of its own: the signal has ended the other one.
    await terminateRun(clientOf(args, undefined), run.runId);
    io.log('the run is stopping');
    await writeResult(output, { ...result, state: 'CANCELING' });
    throw error;
  }
}

/** What a run that has ended produced, where the step is to look. It never fails: the run's end doesn't depend on it. */
async function outputsOf(
  args: StepArguments,
  run: RunOutput,
  { signal, log }: StepIo,
): Promise<RunOutputs | undefined> {
  const from = args.optional('outputs');
  if (from === undefined || from === '') return undefined;
  const branch = args.optional('base-branch');
  const outputs = await produced(
    { from, run, ...(branch !== undefined && branch !== '' && { branch }), ...(signal && { signal }) },
    (stop, patience) => clientOf(args, stop, patience),
  );
  if (outputs && 'unknown' in outputs) log(`warning: what the run produced is unknown: ${outputs.unknown}`);
  return outputs;
}

interface StepRun extends StartedRun {
  readonly failedAt?: string;
  /** What became of the run that was to continue. */
  readonly retry?: Pick<RunOutput, 'continued' | 'not_continued'>;
}

/** The run that is to continue, or a new one. */
async function theRun(
  args: StepArguments,
  client: KfpClient,
  published: Published,
  { signal, interval }: StepIo,
): Promise<StepRun> {
  const retried = args.optional('retry-run') ?? '';
  const continued =
    retried === ''
      ? undefined
      : await continueRun(client, {
          runId: retried,
          versionId: published.versionId,
          ...(interval !== undefined && { interval }),
          ...(signal && { signal }),
        });
  if (continued && !('refused' in continued))
    return { ...continued, ignored: [], retry: { continued: true } };
  const details = args.optional('argument-details');
  const run = await startRun(client, {
    name: args.needed('name'),
    namespace: args.needed('namespace'),
    experiment: args.needed('experiment'),
    published,
    arguments: await readJsonObject(args.needed('arguments')),
    ...(details !== undefined && argumentDetails(await readJsonObject(details))),
  });
  return { ...run, ...(continued && { retry: { not_continued: continued.refused } }) };
}
