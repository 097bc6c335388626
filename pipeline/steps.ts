import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { WorkError } from '../schema/errors.js';
import { parseImages } from './images.js';
import { readPipeline } from './ir.js';
import { kfpClient } from './kfp.js';
import { MAX_PIPELINE_BYTES, pinImages } from './pin.js';
import { publish } from './publish.js';
import { followRun, startRun } from './run.js';
import { summarise, type PinSummary } from './summary.js';

/** What a step of the workflow touches outside. */
export interface StepIo {
  /** A line for the step's log. */
  readonly log: (line: string) => void;
  readonly signal?: AbortSignal;
  /** Between two looks at a run, in milliseconds. */
  readonly interval?: number;
}

/** The output of the step `publish`: `result.json`. */
export interface PublishResult {
  readonly images: PinSummary;
  /** Absent without Kubeflow Pipelines. */
  readonly pipeline_id?: string;
  readonly version_id?: string;
  readonly version: string;
  readonly warnings: readonly string[];
}

/** The output of the step `run`: `result.json`. */
export interface RunStepResult {
  readonly run_id: string;
  readonly experiment_id: string;
  /** How it ended. */
  readonly state: string;
  readonly message?: string;
  /** Arguments that the pipeline does not declare. */
  readonly ignored: readonly string[];
}

const TEXT = { type: 'string' } as const;
const KFP_OPTIONS = {
  compiled: TEXT,
  output: TEXT,
  endpoint: TEXT,
  'token-file': TEXT,
  namespace: TEXT,
} as const;

/**
 * The step after compiling: pins the images and, where an endpoint is given, publishes the pipeline. Writes
 * `pipeline.yaml` and `result.json` into the folder `--output`.
 *
 * @param argv `--compiled --images --repositories --output --name --namespace --version [--description]
 *   [--version-description] [--endpoint [--token-file]]`; images and repositories are JSON files
 * @throws WorkError, ServiceError
 */
export async function publishStep(argv: readonly string[], io: StepIo): Promise<void> {
  const options = read(argv, {
    ...KFP_OPTIONS,
    images: TEXT,
    repositories: TEXT,
    name: TEXT,
    version: TEXT,
    description: TEXT,
    'version-description': TEXT,
  });
  const output = needed(options, 'output');
  const version = needed(options, 'version');
  const repositories = new Map(Object.entries(await readRepositories(needed(options, 'repositories'))));
  const images = parseImages(await readText(needed(options, 'images')), 'images.json', repositories);
  const { yaml, report } = pinImages(await readText(needed(options, 'compiled')), images, repositories);
  await mkdir(output, { recursive: true });
  await writeFile(join(output, 'pipeline.yaml'), yaml);
  for (const { executor, reference } of report.pinned) io.log(`pinned ${executor}: ${reference}`);

  const result: PublishResult = { images: summarise(report), version, warnings: [] };
  if (options.endpoint === undefined) {
    await writeResult(output, result);
    return;
  }
  const { description, 'version-description': versionDescription } = options;
  const published = await publish(clientOf(options, io), {
    name: needed(options, 'name'),
    namespace: needed(options, 'namespace'),
    version,
    compiled: yaml,
    ...(description !== undefined && { description }),
    ...(versionDescription !== undefined && { versionDescription }),
  });
  for (const warning of published.warnings) io.log(`warning: ${warning}`);
  io.log(`published version ${version} (${published.versionId}) of pipeline ${published.pipelineId}`);
  await writeResult(output, {
    ...result,
    pipeline_id: published.pipelineId,
    version_id: published.versionId,
    warnings: published.warnings,
  });
}

/**
 * The last step: starts a run of the published version and follows it to its end. Writes `result.json` into the folder
 * `--output`, also where the run failed.
 *
 * @param argv `--compiled --output --endpoint [--token-file] --namespace --experiment --name --pipeline-id
 *   --version-id --version --arguments`; arguments is a JSON object
 * @throws WorkError where the run did not succeed; ServiceError
 */
export async function runStep(argv: readonly string[], io: StepIo): Promise<void> {
  const options = read(argv, {
    ...KFP_OPTIONS,
    experiment: TEXT,
    name: TEXT,
    'pipeline-id': TEXT,
    'version-id': TEXT,
    version: TEXT,
    arguments: TEXT,
  });
  needed(options, 'endpoint');
  const output = needed(options, 'output');
  const client = clientOf(options, io);
  const started = await startRun(client, {
    name: needed(options, 'name'),
    namespace: needed(options, 'namespace'),
    experiment: needed(options, 'experiment'),
    published: {
      pipelineId: needed(options, 'pipeline-id'),
      versionId: needed(options, 'version-id'),
      version: needed(options, 'version'),
      pipeline: readPipeline(await readText(needed(options, 'compiled'))),
      warnings: [],
    },
    arguments: jsonObject('--arguments', needed(options, 'arguments')),
  });
  io.log(`run ${started.runId}`);
  for (const name of started.ignored) io.log(`warning: the pipeline has no parameter ${name}`);
  const { state, message } = await followRun(client, started.runId, {
    onState: (state) => {
      io.log(state);
    },
    ...(io.signal && { signal: io.signal }),
    ...(io.interval !== undefined && { interval: io.interval }),
  });
  await mkdir(output, { recursive: true });
  await writeResult(output, {
    run_id: started.runId,
    experiment_id: started.experimentId,
    state,
    ...(message !== undefined && { message }),
    ignored: started.ignored,
  });
  if (state === 'FAILED' || state === 'CANCELED')
    throw new WorkError(`the run ended with ${state}${message === undefined ? '' : `: ${message}`}`);
}

type Options = Readonly<Partial<Record<string, string>>>;

function read(argv: readonly string[], options: Readonly<Record<string, typeof TEXT>>): Options {
  try {
    return parseArgs({ args: [...argv], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new WorkError(`wrong arguments: ${(error as Error).message}`);
  }
}

function needed(options: Options, name: string): string {
  const value = options[name];
  if (value === undefined || value === '') throw new WorkError(`wrong arguments: --${name} is missing`);
  return value;
}

function clientOf(
  { endpoint = '', 'token-file': tokenFile }: Options,
  { signal }: StepIo,
): ReturnType<typeof kfpClient> {
  return kfpClient({ endpoint, ...(tokenFile !== undefined && { tokenFile }), ...(signal && { signal }) });
}

async function readText(path: string): Promise<string> {
  try {
    const text = await readFile(path, 'utf8');
    if (text.length <= MAX_PIPELINE_BYTES) return text;
  } catch (error) {
    throw new WorkError(
      `${path} cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}`,
    );
  }
  throw new WorkError(`${path} is larger than ${MAX_PIPELINE_BYTES / 2 ** 20} MiB`);
}

async function readRepositories(path: string): Promise<Record<string, string>> {
  const repositories = jsonObject(path, await readText(path));
  if (Object.values(repositories).every((value) => typeof value === 'string'))
    return repositories as Record<string, string>;
  throw new WorkError(`${path} is not {"<name>": "<repository>"}`);
}

function jsonObject(what: string, text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new WorkError(`${what} is not a JSON object`);
}

async function writeResult(output: string, result: PublishResult | RunStepResult): Promise<void> {
  await writeFile(join(output, 'result.json'), JSON.stringify(result));
}
