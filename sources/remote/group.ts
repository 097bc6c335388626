import type { Readable } from 'node:stream';

import { spawnGit, type GitProcess, type GitSettings } from '../run-git.js';

/** How much of what git says is kept. */
const MESSAGE_BYTES = 64 * 1024;

const running = new Set<GitProcess>();

/** Starts git with all that it starts itself (its HTTP helper, `index-pack`) as one group, which ends with this process. */
export function spawnGroup(folder: string, args: readonly string[], settings: GitSettings): GitProcess {
  const child = spawnGit(folder, args, settings, { group: true });
  if (running.size === 0) process.on('exit', endAll);
  running.add(child);
  child.once('close', () => {
    forget(child);
  });
  child.once('error', () => {
    forget(child);
  });
  return child;
}

/** Ends a group at once; nothing where it has ended already. */
export function endGroup(child: GitProcess): void {
  if (!running.has(child) || child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    // Its members have ended, and the news of it is on its way.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
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

function forget(child: GitProcess): void {
  running.delete(child);
  if (running.size === 0) process.off('exit', endAll);
}

function endAll(): void {
  for (const child of running) endGroup(child);
}
