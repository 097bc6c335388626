import type { Readable } from 'node:stream';

import type { StepResult, WorkflowResult } from './results/result.js';
import type { Workflow } from './workflow/types.js';

/** Git's own mode of what can be in a context: file, executable file, symbolic link, submodule. */
export type FileMode = '100644' | '100755' | '120000' | '160000';

/** One file of a repository. Folders are not listed: they are there when a file is in them, as in git. */
export interface SourceEntry {
  /** From the repository's root, with `/`, never `.`, `..` or a leading `/`. */
  readonly path: string;
  readonly mode: FileMode;
  /** In bytes; of the content that is delivered (a Git LFS file's own, not its pointer's). 0 for a submodule. */
  readonly size: number;
  /** Git blob id (SHA-1 or SHA-256, hex) of the bytes delivered, where the source knows it without reading. */
  readonly blob?: string;
  /** Git doesn't track it: a new file, or a folder outside of git. */
  readonly untracked?: true;
  /** Why this cannot be in a context; it is an error only where a context wants it. */
  readonly problem?: SourceProblem;
}

/** An entry whose content is known. */
export interface IdentifiedEntry extends SourceEntry {
  readonly blob: string;
}

/** What is wrong with one file of a source. */
export interface SourceProblem {
  /**
   * Not a file, folder or link · a name that is not UTF-8 · a Git LFS pointer without its content · a file that git
   * leaves out of the work tree · a submodule whose files can't be used · one with conflict markers.
   */
  readonly code:
    'FILE_KIND' | 'FILE_UNREADABLE' | 'LFS_CONTENT' | 'NOT_CHECKED_OUT' | 'SUBMODULE' | 'UNMERGED';
  /** A sentence that names the file. */
  readonly message: string;
  readonly hint: string;
}

/** A file that is not the commit's. */
export interface DifferingFile {
  readonly path: string;
  /** `git status` does not name it. */
  readonly unseen: boolean;
}

/** Which state of a repository a source holds. */
export interface Revision {
  /** Full commit id; absent outside of git. */
  readonly commit?: string;
  /** The files may differ from the commit (uncommitted changes, or no git at all). */
  readonly dirty: boolean;
  /** For people: `commit 1a2b3c4d5e6f`, `folder /home/me/repo`. */
  readonly description: string;
}

/** What a source lists. */
export interface ListOptions {
  readonly submodules?: boolean;
  readonly only?: (path: string) => boolean;
}

/** A repository's files at one state: a git commit, or a folder on disk. */
export interface ContextSource {
  readonly revision: Revision;
  /**
   * All files below these folders (`''` is the root), sorted by path in byte order; a folder that is not there
   * gives nothing. A path may also name a file. Nothing is read but names, sizes and modes; what cannot be in a
   * context (FIFO, socket, device, a Git LFS pointer without its content) is listed with its `problem`.
   *
   * @param options.submodules - lists the files of submodules in place of each; a submodule that can't be read has a `problem`.
   *   Default: a submodule is one entry.
   * @param options.only - leaves out the files whose path it refuses; their sizes cost nothing then.
   */
  list(paths: readonly string[], options?: ListOptions): Promise<readonly SourceEntry[]>;
  /** The same entries with `blob` set on each; reads what it must, in parallel. */
  identify(entries: readonly SourceEntry[]): Promise<readonly IdentifiedEntry[]>;
  /**
   * The content of each entry, in order: a file's bytes, a symbolic link's target.
   * Each stream must be consumed before the next is asked for.
   *
   * @throws WorkError when a file is no longer what `identify` saw.
   */
  read(entries: readonly IdentifiedEntry[]): AsyncIterable<{ entry: IdentifiedEntry; content: Readable }>;
  /**
   * A small text file (a configuration, a Dockerfile), or undefined where there is none.
   *
   * @throws ConfigError when it is a link, no regular file, or larger than 1 MiB
   */
  text(path: string): Promise<string | undefined>;
  /**
   * Which files are not those of the revision's commit: of these entries, and of what the commit has below the folders
   * that they were chosen from. By content, whatever git says of them. Absent where `revision.dirty` says it.
   */
  differing?(
    folders: readonly string[],
    entries: readonly IdentifiedEntry[],
  ): Promise<readonly DifferingFile[]>;
}

/** Where build contexts are kept, by their key. */
export interface ContextStore {
  /** Whether an object is there already. */
  has(objectKey: string): Promise<boolean>;
  /**
   * Stores an object. `open` gives the content from its start each time it is called, so that a store can try again.
   * Nothing is left behind when it fails. Storing what is there already is harmless.
   *
   * @throws ServiceError
   */
  put(objectKey: string, open: () => Readable): Promise<void>;
  /** For people: where it keeps them. */
  describe(): string;
}

/** Takes a workflow to where it runs, or to a file. */
export interface WorkflowRunner {
  submit(workflow: Workflow): Promise<SubmittedWorkflow>;
}

/** What a runner made of a workflow. */
export interface SubmittedWorkflow {
  /** The workflow's name in the cluster, or the file it was written to. */
  readonly name: string;
  /** Argo's page for it. */
  readonly url?: string;
}

/** Looks at workflows where they run. */
export interface WorkflowWatcher {
  /**
   * How a workflow is now, then each change. The last result given is its end, with the reasons of what failed; a
   * workflow that is gone ends with phase `unknown`.
   *
   * @throws ServiceError when the cluster refuses, or does not answer for too long
   */
  watch(name: string, signal?: AbortSignal): AsyncIterable<WorkflowResult>;
  /** The lines of a running step's log from its last one on, until the step or `signal` ends it. */
  log(step: StepResult, signal: AbortSignal): AsyncIterable<string>;
}

/** Reports the progress of a workflow. */
export interface Reporter {
  /** Told of the first look and of each change. */
  progress(result: WorkflowResult): void | Promise<void>;
  /** Told once, of the end. */
  finished(result: WorkflowResult): void | Promise<void>;
  /** Told of each line of the running steps' logs; without it no log is read. */
  line?(step: StepResult, text: string): void;
}

/** One question to an image registry. */
export interface ImageQuestion {
  /** With its registry, without a tag: `ghcr.io/acme/trainer`. */
  readonly repository: string;
  /** A tag, or a digest. */
  readonly reference: string;
  /** `linux/arm64`: of an index, the digest of this platform's manifest. Absent: the index's own digest. */
  readonly platform?: string;
  /** Read the labels of the image, too. */
  readonly labels?: boolean;
  /** Plain http and unverified certificates are allowed for this registry. */
  readonly insecure?: boolean;
  /** It is an image of the configuration: only its own registry is asked. A mirror may keep what is deleted there. */
  readonly own?: boolean;
}

/** What a registry said of an image. */
export type ImageAnswer =
  | {
      readonly state: 'found';
      /** `sha256:…` */
      readonly digest: string;
      /** Of the image's configuration, where they were asked for; else empty. */
      readonly labels: Readonly<Record<string, string>>;
      /** When it was made, as its configuration says (RFC 3339); read with the labels. */
      readonly created?: string;
    }
  | { readonly state: 'absent' }
  /** `why`: the registry's address and what went wrong, a sentence without its full stop. */
  | { readonly state: 'unknown'; readonly why: string };

/** Looks images up where they are kept. */
export interface ImageRegistries {
  /** The same question is sent once. Never rejects because of a registry: where it does not answer, the image is `unknown`. */
  find(question: ImageQuestion): Promise<ImageAnswer>;
}
