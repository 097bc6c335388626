import { readdirSync, readFileSync } from 'node:fs';

/** Reads a file of each process of this machine; those that end meanwhile are left out. */
function ofEach(file: string): Map<number, string> {
  const found = new Map<number, string>();
  for (const name of readdirSync('/proc').filter((each) => /^\d+$/.test(each))) {
    try {
      found.set(Number(name), readFileSync(`/proc/${name}/${file}`, 'utf8'));
    } catch {
      // It ended meanwhile.
    }
  }
  return found;
}

/** @returns a process and all that it started, which still run */
export function descendantsOf(pid: number): number[] {
  const parents = new Map(
    [...ofEach('stat')].map(([each, stat]) => [
      each,
      Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]),
    ]),
  );
  const isBelow = (each: number): boolean => {
    for (let at: number | undefined = each; at !== undefined && at > 1; at = parents.get(at))
      if (at === pid) return true;
    return false;
  };
  return [...parents.keys()].filter(isBelow);
}

/** Whether a process has a descendant whose command line names a text. */
export function isAncestor(pid: number, text: string): boolean {
  const lines = ofEach('cmdline');
  return descendantsOf(pid).some((each) => lines.get(each)?.includes(text));
}

/** The processes of a server that read repositories and logs. */
export function plannersOf(pid: number): number[] {
  const lines = ofEach('cmdline');
  return descendantsOf(pid).filter((each) => lines.get(each)?.includes('planner-child'));
}

/** Processes whose environment names a folder. */
export function processesOf(folder: string): number[] {
  return [...ofEach('environ')].filter(([, text]) => text.includes(folder)).map(([pid]) => pid);
}
