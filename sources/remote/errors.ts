import { ConfigError } from '../../schema/diagnostic.js';
import { ServiceError, WorkError } from '../../schema/errors.js';

/**
 * Why a remote did not give what it was asked for: `denied` (401, 403) · `not-found` (404: also what the server has no permission to see) ·
 * `redirected` · `busy` (429 and 5xx) · `unreachable` (name, connection, cut off) · `untrusted` (its certificate) ·
 * `slow` · `unclear`.
 */
export type RemoteReason =
  'denied' | 'not-found' | 'redirected' | 'busy' | 'unreachable' | 'untrusted' | 'slow' | 'unclear';

/** A remote repository refused, or did not answer. */
export class RemoteError extends ServiceError {
  constructor(
    readonly reason: RemoteReason,
    url: string,
    problem: string,
    nextStep: string,
  ) {
    super('Git', url, problem, nextStep);
  }
}

/** The remote has no commit of this id. */
export function noCommit(url: string, commit: string): ConfigError {
  return new ConfigError([
    {
      code: 'REVISION',
      severity: 'error',
      message: `commit ${commit} is not in ${url}`,
      hint: 'it may have been replaced by a forced push: ask again for the present head',
    },
  ]);
}

/** More than the settings allow. */
export function beyondLimit(message: string): ConfigError {
  return new ConfigError([
    {
      code: 'CONTEXT_LIMIT',
      severity: 'error',
      message,
      hint: 'move what no image needs out of the folders of the contexts, or raise `limits.context_bytes` in the settings',
    },
  ]);
}

/** There is no room for what is fetched. */
export function diskFull(folder: string, cause?: unknown): WorkError {
  return new WorkError(
    `the disk is full: what was fetched cannot be written to ${folder}`,
    'make room there, or lower `server.cache.bytes` in the settings',
    { cause },
  );
}

/** A failure of the file system in the cache's folder. */
export function cacheFailed(folder: string, cause: unknown): unknown {
  switch ((cause as NodeJS.ErrnoException).code ?? '') {
    case 'ENOSPC':
    case 'EDQUOT':
      return diskFull(folder, cause);
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new WorkError(
        `the cache of repositories cannot be written to ${folder}`,
        'give the server the right to write there, or set another `server.cache.folder`',
        { cause },
      );
    default:
      return cause;
  }
}
