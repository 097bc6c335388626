import { spawn, type ChildProcess, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';

import { WorkError } from '../schema/errors.js';

/** Longer, and git waits for something that does not come. */
const TIMEOUT_MS = 120_000;

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
  /^GIT_(CEILING_DIRECTORIES|DISCOVERY_ACROSS_FILESYSTEM|EXEC_PATH|SSL_(CAINFO|CAPATH)|CONFIG_(GLOBAL|SYSTEM|NOSYSTEM|COUNT|KEY_\d+|VALUE_\d+))$/;

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
 * @param options.group in a process group of its own, with all that it starts itself
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

/**
 * Runs git to its end.
 *
 * @param options.input goes to its standard input
 * @param options.allow exit codes that are answers too
 * @param options.signal ends git
 * @param options.inspect sees each piece of output, and throws to end git
 * @throws WorkError when git is not there, fails, or takes longer than two minutes
 * @throws the signal's reason
 */
export async function runGit(
  folder: string,
  args: readonly string[],
  options: {
    readonly input?: string;
    readonly allow?: readonly number[];
    readonly settings?: GitSettings;
    readonly signal?: AbortSignal;
    readonly inspect?: (piece: Buffer) => void;
  } = {},
): Promise<GitResult> {
  options.signal?.throwIfAborted();
  const child = spawnGit(folder, args, options.settings);
  const end = (): unknown => child.kill('SIGKILL');
  const timer = setTimeout(end, TIMEOUT_MS);
  options.signal?.addEventListener('abort', end, { once: true });
  try {
    child.stdin.end(options.input);
    const [stdout, stderr, code] = await Promise.all([
      collect(child.stdout, options.inspect),
      collect(child.stderr),
      exitOf(child),
    ]);
    options.signal?.throwIfAborted();
    const result = { code, stdout, stderr: stderr.toString('utf8').trim() };
    if (code !== 0 && options.allow?.includes(code) !== true) throw gitFailed(folder, args, result);
    return result;
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', end);
    end();
  }
}

async function collect(stream: Readable, inspect?: (piece: Buffer) => void): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) {
    inspect?.(chunk as Buffer);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
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

/** The error for a git that failed, in git's own words. */
export function gitFailed(
  folder: string,
  args: readonly string[],
  { code, stderr }: Omit<GitResult, 'stdout'>,
): GitError {
  const reason = code === -1 ? 'it was stopped' : stderr.slice(0, 2000) || `exit code ${code}`;
  return new GitError(
    `git ${args.find((arg) => !arg.startsWith('-')) ?? ''} failed in ${folder}: ${reason}`,
    'see whether `git status` works in that folder',
  );
}
