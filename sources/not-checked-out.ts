import { ancestors, parentPath } from '../generator/contexts/paths.js';
import type { SourceProblem } from '../generator/ports.js';
import { shellQuote } from '../schema/shell.js';
import { lookAt } from './file-status.js';

/** How a work tree leaves out files that git tracks. */
export type SparseMode = 'cone' | 'patterns' | 'none';

/**
 * What is wrong with a file that git tracks and that was told to stay out of the work tree: a sparse checkout, or
 * `git update-index --skip-worktree`. Without it the image would be another than the commit's.
 *
 * @param root - a real path
 * @param prefix - from the top of the work tree to `root`, with `/` at its end, or empty
 */
export function notCheckedOut(root: string, path: string, prefix: string, mode: SparseMode): SourceProblem {
  const message = `\`${path}\` is not checked out`;
  const hint = `run \`${command(root, path, prefix, mode)}\`, or build from the commit with \`--commit HEAD\``;
  return { code: 'NOT_CHECKED_OUT', message, hint };
}

function command(root: string, path: string, prefix: string, mode: SparseMode): string {
  if (mode === 'none') {
    const file = shellQuote(path);
    return `git update-index --no-skip-worktree ${file} && git checkout -- ${file}`;
  }
  // The outermost folder that is missing: one command brings back all that is in it.
  const missing = [...ancestors(path)].filter((folder) => lookAt(root, folder) === undefined).at(-1);
  if (mode === 'cone') return `git sparse-checkout add ${shellQuote(prefix + (missing ?? parentPath(path)))}`;
  // With `**`, as an earlier pattern may leave out the files themselves.
  const pattern = missing === undefined ? path : `${missing}/**`;
  return `git sparse-checkout add ${shellQuote(`/${prefix}${pattern}`)}`;
}
