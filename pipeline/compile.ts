import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { parseErrorReport, reportDiagnostic } from '../generator/results/error-report.js';
import { ConfigError, WorkError } from '../schema/index.js';
import { quoteOutput } from '../schema/quote.js';
import type { BuiltImages } from './images.js';
import { readRegular } from './read-regular.js';

/** What is compiled, and with what. */
export interface CompileRequest {
  /** A Python that has kfp: a path, or a name that is looked for in PATH. */
  readonly python: string;
  /** Where its name comes from, for errors: `--python`, or a variable of the environment. */
  readonly pythonOrigin?: string;
  /** The repository's folder. */
  readonly root: string;
  /** The pipeline's file, from the root. */
  readonly path: string;
  /** The pipeline's function, where the file has several. */
  readonly function?: string;
  /** The images of the configuration, each with its repository: they are used as they are without `images`. */
  readonly repositories: ReadonlyMap<string, string>;
  readonly images?: BuiltImages;
  /** Seconds. */
  readonly timeout: number;
  /** Milliseconds that the script may take beyond `timeout`: to start, to end what the code started, and to clean up. */
  readonly overheadMs?: number;
  /** Milliseconds for the process to end after SIGTERM, and for its output to end after it. Default: 5,000. */
  readonly endMs?: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Gets what the pipeline's code prints. */
  readonly onOutput: (text: string) => void;
  readonly signal?: AbortSignal;
}

/** What the compiler image has (requirements.in). */
export const KFP_VERSION = '2.17.0';
/** As compile_pipeline.py limits both. */
const MAX_OUTPUT = 32 * 2 ** 20;
const MAX_REPORT = 2 ** 20;
const OVERHEAD_MS = 120_000;
const END_MS = 5000;
/** How much of what Python said is kept for an error, in characters. */
const TAIL = 4000;
/** What a Python needs to be found and to start. The rest stays away from the pipeline's code, as in the cluster. */
const ENVIRONMENT =
  /^(?:PATH|HOME|TMPDIR|TZ|LANG|LC_.+|PYTHON.+|VIRTUAL_ENV|CONDA_.+|PYENV_.+|(?:DY)?LD_LIBRARY_PATH)$/;

/**
 * Compiles a pipeline with a Python of this machine. The repository's code runs.
 *
 * @returns what kfp wrote, not pinned yet
 * @throws ConfigError where the pipeline's code is wrong, at its place
 * @throws WorkError where there is no Python with kfp
 */
export async function compilePipeline(request: CompileRequest): Promise<string> {
  const work = await mkdtemp(join(tmpdir(), 'kfops-compile-'));
  const files = {
    output: join(work, 'pipeline.yaml'),
    error: join(work, 'error.json'),
    images: join(work, 'images.json'),
  };
  try {
    if (request.images) await writeFile(files.images, JSON.stringify(Object.fromEntries(request.images)));
    const { code, said } = await runPython(request, argumentsOf(request, files));
    if (code === 0) return await readRegular(files.output, MAX_OUTPUT);
    const report = parseErrorReport(await readRegular(files.error, MAX_REPORT).catch(() => ''));
    if (!report) throw pythonFailed(request, code, said);
    if (report.kind === 'internal') throw new WorkError(report.message, report.hint);
    if (report.kind === 'no_kfp') throw new WorkError(report.message, installLine(request.python));
    if (report.kind === 'images') throw new WorkError(report.message);
    throw new ConfigError([reportDiagnostic(report, request.path)]);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

function argumentsOf(request: CompileRequest, files: Readonly<Record<string, string>>): string[] {
  const script = fileURLToPath(new URL('../pipeline/compiler/compile_pipeline.py', import.meta.url));
  return [
    script,
    `--root=${request.root}`,
    `--file=${request.path}`,
    ...(request.function === undefined ? [] : [`--function=${request.function}`]),
    ...(request.images ? [`--images=${files.images}`] : []),
    ...[...request.repositories].map(([name, repository]) => `--expect=${name}=${repository}`),
    `--output=${files.output}`,
    `--error=${files.error}`,
    // The report is shown with its place; what the code itself prints still comes through.
    '--quiet',
    `--timeout=${request.timeout}`,
  ];
}

/** @returns the exit code, and the end of what was said for people */
async function runPython(
  request: CompileRequest,
  args: readonly string[],
): Promise<{ code: number | NodeJS.Signals; said: string }> {
  const { python, env, onOutput, signal, timeout, overheadMs = OVERHEAD_MS, endMs = END_MS } = request;
  const own = Object.entries(env).filter(([name]) => ENVIRONMENT.test(name));
  const child = spawn(python, args, {
    env: { ...Object.fromEntries(own), PYTHONDONTWRITEBYTECODE: '1', PYTHONUNBUFFERED: '1' },
    stdio: ['ignore', 'ignore', 'pipe'],
    ...(signal && { signal }),
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-TAIL);
    onOutput(text);
  });
  let failure: Error | undefined;
  child.on('error', (error) => (failure = error));
  const limit = timeout * 1000 + overheadMs;
  // The code could have stopped the process, which then gets no other signal.
  const timers = [
    setTimeout(() => child.kill('SIGTERM'), limit),
    setTimeout(() => child.kill('SIGKILL'), limit + endMs),
  ];
  // Also after an error: what was told to end cleans up first.
  const code = await new Promise<number | NodeJS.Signals>((resolve) => {
    child.on('close', (code, signal) => {
      resolve(code ?? signal ?? 1);
    });
    // What the code started could have escaped, and hold its output open.
    child.on('exit', () => timers.push(setTimeout(() => child.stderr.destroy(), endMs)));
  });
  timers.forEach(clearTimeout);
  if (!failure) return { code, said };
  if (signal?.aborted) throw failure;
  const missing = (failure as NodeJS.ErrnoException).code === 'ENOENT';
  const why = missing ? 'is not there' : `cannot be started (${failure.message})`;
  throw new WorkError(`${pythonOf(request)} ${why}`, installLine(missing ? 'python3' : python), {
    cause: failure,
  });
}

function pythonOf({ python, pythonOrigin }: CompileRequest): string {
  const isNamedElsewhere = pythonOrigin !== undefined && pythonOrigin !== '--python';
  return `the Python \`${python}\`${isNamedElsewhere ? ` of ${pythonOrigin}` : ''}`;
}

function pythonFailed(request: CompileRequest, code: number | string, said: string): WorkError {
  return new WorkError(
    quoteOutput(`${pythonOf(request)} ended with ${code}`, said),
    `Kfops needs a Python from 3.9 on, on Linux or macOS. ${installLine(request.python)}`,
  );
}

function installLine(python: string): string {
  return `Install kfp: ${python} -m pip install kfp==${KFP_VERSION} kfp-kubernetes==${KFP_VERSION}; or name a Python that has it with --python.`;
}
