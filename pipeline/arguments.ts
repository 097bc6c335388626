import { lstat, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { isRecord } from '../common/json.js';
import { WorkError } from '../schema/errors.js';
import { kfpClient, type KfpClient, type KfpOptions } from './kfp.js';
import { MAX_PIPELINE_BYTES } from './image-nodes.js';

/** What a step of the workflow touches outside. */
export interface StepIo {
  /** A line for the step's log. */
  readonly log: (line: string) => void;
  readonly signal?: AbortSignal;
  /** Between two looks at a run, in milliseconds. */
  readonly interval?: number;
}

/** The arguments of a step: each once, or not at all; `expect` as often as there are images. */
export interface StepArguments {
  /** @throws WorkError where it is missing or empty */
  needed(name: string): string;
  optional(name: string): string | undefined;
  /** `--expect=NAME=REPOSITORY`: the images of the configuration. */
  readonly expected: ReadonlyMap<string, string>;
}

const TEXT = { type: 'string' } as const;
const LIST = { type: 'string', multiple: true } as const;

/** What every step takes that talks to Kubeflow Pipelines. */
export const KFP_ARGUMENTS = ['endpoint', 'token-file', 'namespace'] as const;

/** @throws WorkError for an argument that is not one of `names` */
export function stepArguments(argv: readonly string[], names: readonly string[]): StepArguments {
  const options = Object.fromEntries(names.map((name) => [name, name === 'expect' ? LIST : TEXT]));
  let values: Readonly<Record<string, unknown>>;
  try {
    values = parseArgs({ args: [...argv], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw wrong((error as Error).message);
  }
  const optional = (name: string): string | undefined => {
    const value = values[name];
    return typeof value === 'string' ? value : undefined;
  };
  return {
    optional,
    needed: (name) => {
      const value = optional(name);
      if (value === undefined || value === '') throw wrong(`--${name} is missing`);
      return value;
    },
    expected: new Map(((values.expect ?? []) as readonly string[]).map(nameAndRepository)),
  };
}

function nameAndRepository(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 1 || at === text.length - 1) throw wrong(`--expect=${text} is not NAME=REPOSITORY`);
  return [text.slice(0, at), text.slice(at + 1)];
}

function wrong(problem: string): WorkError {
  return new WorkError(`wrong arguments: ${problem}`);
}

/**
 * @param patience - other than a step usually has
 * @throws WorkError, ServiceError where the arguments name no endpoint, or an invalid one
 */
export function clientOf(
  args: StepArguments,
  signal: AbortSignal | undefined,
  patience: Pick<KfpOptions, 'timeout' | 'attempts'> = {},
): KfpClient {
  const tokenFile = args.optional('token-file');
  return kfpClient({
    ...patience,
    endpoint: args.needed('endpoint'),
    ...(tokenFile !== undefined && { tokenFile }),
    ...(signal && { signal }),
  });
}

/** @throws WorkError where the file cannot be read, or is larger than a pipeline may be */
export async function readText(path: string): Promise<string> {
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

/** @throws WorkError where it is no JSON object */
export async function readJsonObject(path: string): Promise<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(await readText(path));
  } catch (error) {
    if (error instanceof WorkError) throw error;
    value = undefined;
  }
  if (isRecord(value)) return value;
  throw new WorkError(`${path} is not a JSON object`);
}

/** Writes what a step leaves; its folder is made where it is missing, those above it are there. */
export async function writeOutput(folder: string, file: string, text: string): Promise<void> {
  const there = await lstat(folder).catch(() => undefined);
  if (!there) await mkdir(folder);
  await writeFile(join(folder, file), text);
}

/** The step's result, which Argo keeps as a parameter: no text in it can be taken for one of its templates. */
export async function writeResult(folder: string, result: object): Promise<void> {
  await writeOutput(folder, 'result.json', JSON.stringify(result).replaceAll('{{', '{\\u007b'));
}
