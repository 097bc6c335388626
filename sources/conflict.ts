import type { SourceProblem } from '../generator/ports.js';
import { readText } from './text.js';

/** The lines that git puts around the sides of a conflict: https://git-scm.com/docs/git-merge#_how_conflicts_are_presented */
const BEGIN = /^<{7,}(?: |$)/;
const END = /^>{7,}(?: |$)/;

/**
 * What is wrong with a file that a merge left in conflict, where its markers are still there. Without them it was
 * resolved, or is not a text.
 *
 * @param root - a real path
 */
export async function conflictIn(root: string, path: string): Promise<SourceProblem | undefined> {
  const text = await readText(root, path).catch(() => undefined);
  const lines = text?.split(/\r?\n/) ?? [];
  const begin = lines.findIndex((line) => BEGIN.test(line));
  if (begin === -1 || !lines.slice(begin).some((line) => END.test(line))) return undefined;
  return {
    code: 'UNMERGED',
    message: `\`${path}\` has a merge conflict in line ${begin + 1}`,
    hint: 'resolve the conflict, then run `git add` for the file',
  };
}
