import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { formatBytes } from '../../common/bytes.js';
import { endGroup, spawnGroup } from './group.js';
import { redact, transferSettings } from './access.js';
import { readAnswer } from './answers.js';
import { bytesIn } from './disk.js';
import { beyondLimit, diskFull, RemoteError } from './errors.js';
import type { RemoteLimits, RemotePace } from './types.js';
import { collectText, exitOf, gitFailed, type GitSettings } from '../run-git.js';

/** How often the size of what comes in is looked at. */
const LOOK_MS = 200;
/** The longest wait before a retry. */
const LONGEST_DELAY_MS = 15_000;

/** The remote, and how much patience it gets. */
export interface Remote {
  readonly url: URL;
  readonly token: () => Promise<string | undefined>;
  readonly signal: AbortSignal | undefined;
  readonly limits: RemoteLimits;
  readonly pace: RemotePace;
}

/** One transfer. */
export interface Transfer {
  /** The repository that git runs in. */
  readonly gitDir: string;
  readonly args: readonly string[];
  readonly input?: string;
  readonly settings?: GitSettings;
  /** Where what comes in goes: watched, and emptied of what a failed try has left. */
  readonly incoming: string;
  readonly clear: () => Promise<void>;
  /** What may come in, where that is less than the remote's limit. */
  readonly mostBytes?: number;
}

/** The ways a transfer can end without an error. */
export type TransferEnd = 'done' | 'no-object';

/**
 * Runs git against the remote, with retries where it does not answer properly.
 *
 * @returns `no-object` when the remote does not have what was asked for
 * @throws ConfigError beyond the limit of bytes
 * @throws RemoteError, WorkError, the signal's reason
 */
export async function transfer(remote: Remote, work: Transfer): Promise<TransferEnd> {
  const { pace, signal } = remote;
  const deadline = Date.now() + pace.transferMs;
  for (let failures = 1; ; failures++) {
    try {
      const answer = await tryOnce(remote, work, deadline);
      if (answer === undefined) return 'done';
      await work.clear();
      if (answer.kind === 'no-object') return 'no-object';
      if (answer.kind === 'disk-full') throw diskFull(dirname(dirname(work.gitDir)));
      if (!answer.mayPass || failures >= pace.attempts) throw answer.error;
    } catch (error) {
      await work.clear();
      throw error;
    }
    const longest = Math.min(LONGEST_DELAY_MS, pace.firstDelayMs * 2 ** (failures - 1));
    await wait(longest * (0.5 + Math.random() / 2), undefined, signal && { signal });
  }
}

type Stop = 'limit' | 'time' | 'abort';

async function tryOnce(
  remote: Remote,
  work: Transfer,
  deadline: number,
): Promise<ReturnType<typeof readAnswer> | undefined> {
  const { url, limits, signal } = remote;
  const most = Math.min(work.mostBytes ?? limits.bytes, limits.bytes);
  signal?.throwIfAborted();
  const token = await remote.token();
  signal?.throwIfAborted();
  const settings = [...transferSettings(url, token), ...(work.settings ?? [])];
  const child = spawnGroup(work.gitDir, work.args, settings);
  let stopped: Stop | undefined;
  const stop = (why: Stop) => (): void => {
    stopped ??= why;
    endGroup(child);
  };
  const timer = setTimeout(stop('time'), Math.max(deadline - Date.now(), 0));
  const looks = setInterval(() => {
    void bytesIn(work.incoming).then((bytes) => {
      if (bytes > most) stop('limit')();
    });
  }, LOOK_MS);
  const abort = stop('abort');
  signal?.addEventListener('abort', abort, { once: true });
  try {
    child.stdin.end(work.input);
    child.stdout.resume();
    const [code, text] = await Promise.all([exitOf(child), collectText(child.stderr)]);
    signal?.throwIfAborted();
    if (stopped === 'time') throw tooSlow(remote);
    if (stopped === 'limit' || (await bytesIn(work.incoming)) > most) throw tooLarge(url, most);
    const stderr = redact(text, token);
    if (code === 0) return undefined;
    // Ended by somebody else, such as the system when memory is short.
    if (code === -1) throw gitFailed(work.gitDir, work.args, { code, stderr });
    return readAnswer(url.href, stderr);
  } finally {
    clearTimeout(timer);
    clearInterval(looks);
    signal?.removeEventListener('abort', abort);
    endGroup(child);
  }
}

function tooSlow({ url, pace }: Remote): RemoteError {
  const problem = `the transfer took longer than ${Math.round(pace.transferMs / 1000)} s and was stopped`;
  return new RemoteError('slow', url.href, problem, 'ask again: what arrived in full before is kept');
}

function tooLarge(url: URL, most: number): Error {
  const message = `what ${url.href} sends for this commit is larger than ${formatBytes(most)}, and was cut off`;
  return beyondLimit(message);
}
