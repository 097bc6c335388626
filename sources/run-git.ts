import { spawn, type ChildProcess, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';

import { WorkError } from '../schema/errors.js';
import { explainFailure } from './git-failures.js';

/** Longer, and git waits for something that does not come. */
const TIMEOUT_MS = 120_000;
/** What is read of it at once, at most; lists of files are read as they come. */
const OUTPUT_BYTES = 256 * 1024 * 1024;
/** How much of what git says of a failure is kept. */
const MESSAGE_BYTES = 64 * 1024;

/**
 * What a repository's own configuration must not make git do: run a program (file system monitor, hooks, pager,
 * credential helper, filters), read replaced objects, or fetch what is missing.
 * `core.bigFileThreshold` makes git stream large blobs instead of holding them in memory.
 */
const HARMLESS = [
  '--no-pager',
  '--no-replace-objects',
  ...[
    'core.fsmonitor=false',
    'core.hooksPath=/dev/null',
    'core.bigFileThreshold=8m',
    'core.untrackedCache=false',
    'credential.helper=',
    'protocol.allow=never',
    'submodule.recurse=false',
  ].flatMap((setting) => ['-c', setting]),
];

/** The caller's own settings of git. The rest of `GIT_*` names another repository, as inside of a hook. */
const KEPT =
  /^GIT_(CEILING_DIRECTORIES|DISCOVERY_ACROSS_FILESYSTEM|EXEC_PATH|ALLOC_LIMIT|SSL_(CAINFO|CAPATH)|CONFIG_(GLOBAL|SYSTEM|NOSYSTEM|COUNT|KEY_\d+|VALUE_\d+))$/;

function environment(settings: GitSettings): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_') || KEPT.test(name));
  const first = Number(process.env.GIT_CONFIG_COUNT ?? 0);
  const added = settings.flatMap(([name, value], i) => [
    [`GIT_CONFIG_KEY_${first + i}`, name],
    [`GIT_CONFIG_VALUE_${first + i}`, value],
  ]);
  return {
    ...(Object.fromEntries([...kept, ...added]) as NodeJS.ProcessEnv),
    GIT_CONFIG_COUNT: String(first + settings.length),
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_LAZY_FETCH: '1',
    LC_ALL: 'C',
  };
}

/** A git that runs. */
export type GitProcess = ChildProcessByStdio<Writable, Readable, Readable>;

/** Settings of git for one call, above the repository's and the user's. */
export type GitSettings = readonly (readonly [name: string, value: string])[];

/**
 * Starts git for a folder, with the arguments of a subcommand. Who starts it ends it.
 *
 * @param options.group - in a process group of its own, with all that it starts itself
 */
export function spawnGit(
  folder: string,
  args: readonly string[],
  settings: GitSettings = [],
  options: { readonly group?: boolean } = {},
): GitProcess {
  const child = spawn('git', ['-C', folder, ...HARMLESS, ...args], {
    env: environment(settings),
    detached: options.group === true,
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
  });
  // Writing to a git that has ended is no failure of its own: its exit code and message say more.
  child.stdin.on('error', () => undefined);
  return child;
}

/** What git said. */
export interface GitResult {
  /** 0 or, where the caller allows it, another. */
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** How git is run. */
export interface GitOptions {
  /** Goes to its standard input. */
  readonly input?: string;
  /** Exit codes that are answers too. */
  readonly allow?: readonly number[];
  readonly settings?: GitSettings;
  /** Ends git. */
  readonly signal?: AbortSignal;
}

/**
 * Runs git to its end.
 *
 * @throws WorkError when git is not there, fails, says more than 256 MiB, or takes longer than two minutes
 * @throws the signal's reason
 */
export async function runGit(
  folder: string,
  args: readonly string[],
  options: GitOptions = {},
): Promise<GitResult> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const result = await streamGit(
    folder,
    args,
    (piece) => {
      bytes += piece.length;
      if (bytes > OUTPUT_BYTES) throw new WorkError(`git ${verbOf(args)} in ${folder} says too much`);
      chunks.push(piece);
    },
    options,
  );
  return { ...result, stdout: Buffer.concat(chunks) };
}

/**
 * As {@link runGit}, without holding what git says: `onPiece` is given each piece of it, and throws to end git.
 *
 * @throws what `onPiece` throws
 */
export async function streamGit(
  folder: string,
  args: readonly string[],
  onPiece: (piece: Buffer) => void,
  options: GitOptions = {},
): Promise<Omit<GitResult, 'stdout'>> {
  options.signal?.throwIfAborted();
  const child = spawnGit(folder, args, options.settings);
  const end = (): unknown => child.kill('SIGKILL');
  let late = false as boolean;
  const timer = setTimeout(() => {
    late = true;
    end();
  }, TIMEOUT_MS);
  options.signal?.addEventListener('abort', end, { once: true });
  try {
    child.stdin.end(options.input);
    const [, text, code] = await Promise.all([
      each(child.stdout, onPiece),
      collectText(child.stderr),
      exitOf(child),
    ]);
    options.signal?.throwIfAborted();
    if (late) throw tooSlow(folder, args);
    const result = { code, stderr: text.trim() };
    if (code !== 0 && options.allow?.includes(code) !== true) throw gitFailed(folder, args, result);
    return result;
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', end);
    end();
  }
}

async function each(stream: Readable, onPiece: (piece: Buffer) => void): Promise<void> {
  for await (const chunk of stream) onPiece(chunk as Buffer);
}

/** A stream's text; of a long one, its beginning. */
export async function collectText(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    const piece = (chunk as Buffer).subarray(0, MESSAGE_BYTES - length);
    length += piece.length;
    if (piece.length > 0) chunks.push(piece);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/**
 * Waits until git has ended.
 *
 * @returns its exit code; -1 when it was killed
 * @throws WorkError when there is no git
 */
export async function exitOf(child: ChildProcess): Promise<number> {
  if (child.exitCode !== null) return child.exitCode;
  if (child.signalCode !== null) return -1;
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    return code ?? -1;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new WorkError('git is not installed, or not in PATH', 'install git 2.30 or later', { cause });
    }
    throw new WorkError('git cannot be started', undefined, { cause });
  }
}

/** Git failed, or has not what it should have. */
export class GitError extends WorkError {}

/** The folder is in no repository. */
export class NoRepositoryError extends GitError {}

/** The error for a git that failed, in git's own words. */
export function gitFailed(
  folder: string,
  args: readonly string[],
  { code, stderr }: Omit<GitResult, 'stdout'>,
): GitError {
  const said = code === -1 ? 'it was stopped' : stderr || `exit code ${code}`;
  const { message, hint, wrongFolder } = explainFailure(verbOf(args), folder, said);
  return wrongFolder ? new NoRepositoryError(message, hint) : new GitError(message, hint);
}

/** No {@link GitError}: fetching the repository again would not make it faster. */
function tooSlow(folder: string, args: readonly string[]): WorkError {
  return new WorkError(
    `git ${verbOf(args)} in ${folder} took longer than ${TIMEOUT_MS / 1000} s and was stopped`,
    'see whether the repository is damaged or made to be slow: `git fsck`',
  );
}

function verbOf(args: readonly string[]): string {
  return args.find((arg) => !arg.startsWith('-')) ?? '';
}
