import { spawnGit, type GitProcess, type GitSettings } from '../run-git.js';

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

function forget(child: GitProcess): void {
  running.delete(child);
  if (running.size === 0) process.off('exit', endAll);
}

function endAll(): void {
  for (const child of running) endGroup(child);
}
