import type { ContextSource } from '../../generator/ports.js';

/** Where the cache writes what it did. A pino logger is one. */
export interface CacheLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/** How much one commit may bring. */
export interface RemoteLimits {
  /** Files and folders that are listed at once. */
  readonly files: number;
  /** Bytes of those files, and of each transfer from the remote. */
  readonly bytes: number;
}

/** How long is waited, all in milliseconds. */
export interface RemotePace {
  /** A whole transfer with its retries. */
  readonly transferMs: number;
  /** Before the first retry; doubles, with jitter. */
  readonly firstDelayMs: number;
  /** Tries of a transfer in all, where the remote does not answer properly. */
  readonly attempts: number;
}

/** How a {@link RepositoryCache} works. */
export interface RepositoryCacheOptions {
  /** Made where it is not there. What is in it can be deleted while nothing runs. */
  readonly folder: string;
  /** How large the folder may grow before repositories that were not used for long are dropped. */
  readonly maxBytes: number;
  /** Default: 300,000 files, 8 GiB. */
  readonly limits?: RemoteLimits;
  /** Default: 10 minutes, 1 s, 4 attempts. */
  readonly pace?: Partial<RemotePace>;
  readonly log?: CacheLog;
}

/** A commit of a remote repository. */
export interface OpenRequest {
  /** The repository's name in the cache, which stays when it is renamed: letters, digits, `.`, `_`, `-`. */
  readonly key: string;
  /** `https://host/owner/name.git`; plain http to this machine only. Without credentials. */
  readonly url: string;
  /** Asked before each transfer. It is given to git in its environment, never as an argument or in a file. */
  readonly token?: () => Promise<string | undefined>;
  /** Full id: 40 or 64 hex digits. */
  readonly commit: string;
  /** Ends git and what is being done. */
  readonly signal?: AbortSignal;
  /** Default: the cache's. */
  readonly limits?: RemoteLimits;
}

/** A commit's files, of which only those are fetched that are asked for. */
export interface RemoteSource extends ContextSource {
  /** To be called when it is no longer needed: nothing can be read from it afterwards. Never fails. */
  dispose(): Promise<void>;
}

/** Objects of remote repositories, kept between commands. Several processes may share one folder. */
export interface RepositoryCache {
  /**
   * Fetches a commit, without its files' contents. `list` then fetches, in one batch, those of the files it is asked for.
   *
   * @throws ConfigError (REVISION) when the remote has no such commit; (CONTEXT_LIMIT) beyond the limits
   * @throws RemoteError when the remote refuses or does not answer
   * @throws WorkError when the disk is full, or git is not there
   * @throws the signal's reason
   */
  open(request: OpenRequest): Promise<RemoteSource>;
}
