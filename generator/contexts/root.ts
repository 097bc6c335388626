import { CONFIG_FOLDER } from '../../schema/paths.js';
import type { SourceEntry } from '../ports.js';

/** Where the docs' commands write to: `-o out/workflow.yaml`, `--contexts out/contexts`. */
const OUTPUT_FOLDER = 'out';

/**
 * Whether a context of the whole repository leaves a file out, though no ignore file says so: the configuration, which
 * would make every image change with each of its lines, and what Kfops wrote on an earlier run.
 *
 * @param kept - folders that the image names for themselves
 */
export function leftOutOfRoot(
  { path, untracked }: Pick<SourceEntry, 'path' | 'untracked'>,
  kept: readonly string[] = [],
): boolean {
  const folder = path.slice(0, Math.max(path.indexOf('/'), 0));
  if (folder !== CONFIG_FOLDER && !(folder === OUTPUT_FOLDER && untracked === true)) return false;
  return !kept.includes(folder);
}
