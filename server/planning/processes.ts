import { readdirSync, readFileSync } from 'node:fs';

/** A process and its descendants, from Linux's /proc; empty on other systems. */
interface Process {
  readonly pid: number;
  /** Its process group. */
  readonly group: number;
}

/** A process and all that it started, which still run. */
export function processTree(pid: number): readonly Process[] {
  const found: Process[] = [];
  const left = [pid];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const group = groupOf(next);
    if (group === undefined) continue;
    found.push({ pid: next, group });
    left.push(...childrenOf(next));
  }
  return found;
}

/** Bytes of memory that processes have for themselves: not of files, which the system can drop. */
export function memoryOf(processes: readonly Process[]): number {
  return processes.reduce((sum, { pid }) => sum + ownMemory(pid), 0);
}

/**
 * Ends a process that is the first of its group, with all that it started, also in groups of their own.
 *
 * @param pid - not ended yet
 */
export function killTree(pid: number): void {
  // It starts nothing more while its children are looked for.
  signal(pid, 'SIGSTOP');
  const groups = new Set([pid, ...processTree(pid).map(({ group }) => group)]);
  for (const group of groups) signal(-group, 'SIGKILL');
}

/** Ends process groups, those that have not ended yet. */
export function killGroups(groups: Iterable<number>): void {
  for (const group of groups) signal(-group, 'SIGKILL');
}

/** Ends this process with all that it started, also in groups of their own. */
export function endSelf(): void {
  const groups = processTree(process.pid).map(({ group }) => group);
  const own = groups[0];
  killGroups(new Set(groups.filter((group) => group !== own)));
  process.exit(0);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function childrenOf(pid: number): number[] {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    const lists = threads.map((thread) => readFileSync(`/proc/${pid}/task/${thread}/children`, 'latin1'));
    return lists.flatMap((list) => list.split(' ').filter((each) => each !== '')).map(Number);
  } catch {
    return [];
  }
}

/** The fifth field of its state; the second is a name in brackets, which may hold anything. */
function groupOf(pid: number): number | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[2]);
  } catch {
    return undefined;
  }
}

function ownMemory(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'latin1');
    const sizes = [...status.matchAll(/^Rss(?:Anon|Shmem):\s+(\d+) kB$/gm)];
    return sizes.reduce((sum, [, size]) => sum + Number(size), 0) * 1024;
  } catch {
    return 0;
  }
}
