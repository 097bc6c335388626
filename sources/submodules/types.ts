import type { SourceEntry, SourceProblem } from '../../generator/ports.js';

/** A submodule as the repository around it records it. */
export interface Gitlink {
  /** From the source's root. */
  readonly path: string;
  /** Full id of the submodule's commit. */
  readonly commit: string;
}

/** An entry of a source's list, which may be a submodule. */
export interface ListedEntry extends SourceEntry {
  /** Of a submodule: its commit, as the repository around it records it. */
  readonly commit?: string;
}

/** The files of a submodule, or why they can't be used. */
export type OpenedSubmodule<S> =
  | { readonly source: S; readonly problem?: undefined }
  | { readonly source?: undefined; readonly problem: SourceProblem };
