import type { SourceEntry, SourceProblem } from '../ports.js';

/** A problem of one file, or of all that one command mends. */
export interface GroupedProblem extends SourceProblem {
  /** The first file. */
  readonly path: string;
}

/** What sources say cannot be delivered; a sparse checkout leaves out whole folders, which is one problem each. */
export function groupProblems(entries: readonly SourceEntry[]): readonly GroupedProblem[] {
  const groups = new Map<string, { problem: SourceProblem; paths: string[] }>();
  for (const { path, problem } of entries) {
    if (!problem) continue;
    const key = problem.code === 'NOT_CHECKED_OUT' ? problem.hint : JSON.stringify([problem.code, path]);
    const group = groups.get(key);
    if (group) group.paths.push(path);
    else groups.set(key, { problem, paths: [path] });
  }
  return [...groups.values()].map(({ problem, paths }) => {
    const [path = '', ...others] = paths;
    if (others.length === 0) return { ...problem, path };
    const files = others.length === 1 ? '1 more file' : `${others.length.toLocaleString('en')} more files`;
    return { ...problem, path, message: `\`${path}\` and ${files} are not checked out` };
  });
}
