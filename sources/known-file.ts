import type { FileMode, SourceProblem } from '../generator/ports.js';

/** A file that git tracks, or that it does not track and does not ignore. */
export interface KnownFile {
  readonly path: string;
  /** As the index has it; of an untracked path only for a repository of its own. */
  readonly indexMode?: FileMode;
  /** As the index has it. */
  readonly blob?: string;
  readonly untracked?: true;
  /** Git leaves it out of the work tree. */
  readonly skipped?: true;
  /** A merge left it in conflict. */
  readonly unmerged?: true;
  readonly problem?: SourceProblem;
}

/** The commit of a submodule, as the index has it. */
export function commitOf({ indexMode, blob }: KnownFile): string | undefined {
  return indexMode === '160000' ? blob : undefined;
}
