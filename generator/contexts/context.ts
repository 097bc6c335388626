import type { DiagnosticCode } from '../../schema/codes.js';
import type { FileMode, IdentifiedEntry } from '../ports.js';

/** What one image wants in its build context. */
export interface ContextRequest {
  /** Name of the image, for messages. */
  readonly name: string;
  /** Its content is at the context's root. */
  readonly dockerfileFolder: string;
  /** Each is in the context under its base name. */
  readonly otherFolders: readonly string[];
  /** Path of the Dockerfile, from `dockerfileFolder`. */
  readonly dockerfile: string;
}

/** A file of a build context. */
export interface ContextEntry {
  /** From the context's root. */
  readonly path: string;
  readonly mode: Exclude<FileMode, '160000'>;
  /** Git blob id of the bytes delivered. */
  readonly blob: string;
  /** In bytes. */
  readonly size: number;
  /** Where the bytes come from. */
  readonly source: IdentifiedEntry;
  /** The bytes themselves, where they are not those of the source. */
  readonly content?: Buffer;
}

/** A build context: exactly what Kaniko gets, named by its content. */
export interface Context {
  /** SHA-256 (hex) of the manifest: the sorted list of path, mode and blob id. */
  readonly key: string;
  /** `ctx/<key>.tar.gz` */
  readonly objectKey: string;
  /** Sorted by path in byte order. */
  readonly entries: readonly ContextEntry[];
  /** Sum of the entries' sizes in bytes. */
  readonly bytes: number;
}

/** Why a context cannot be put together, and which field of the image is to blame. */
export interface ContextProblem {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly hint?: string;
  /** Path below the image in config.yaml: `['other_folders_path', 1]`. */
  readonly field: readonly (string | number)[];
}

/** Limits of one context, from the settings. */
export interface ContextLimits {
  readonly files: number;
  readonly bytes: number;
}
