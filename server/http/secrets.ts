import { readFileSync, statSync } from 'node:fs';

import { WorkError } from '../../schema/index.js';
import type { Logger } from '../telemetry/log.js';

/** How often the files are checked for changes, in milliseconds. */
const LOOK_AGAIN_MS = 1000;

/** Options of {@link secretFiles}. */
export interface SecretFilesOptions {
  readonly log: Logger;
  /** A monotonic clock in milliseconds. */
  readonly now?: () => number;
}

/**
 * Secrets from files, reloaded when the files change, so that they can be rotated while the server runs. Trailing white
 * space is ignored.
 *
 * @returns a function for the current secrets; a file that becomes unreadable keeps its last value
 * @throws WorkError if a file is unreadable at first, or empty
 */
export function secretFiles(
  files: readonly string[],
  { log, now = () => performance.now() }: SecretFilesOptions,
): () => readonly string[] {
  const kept = files.map((file) => ({ file, version: versionOf(file), secret: read(file) }));
  let secrets = kept.map(({ secret }) => secret);
  let looked = now();
  return () => {
    if (now() - looked < LOOK_AGAIN_MS) return secrets;
    looked = now();
    for (const entry of kept) {
      try {
        const version = versionOf(entry.file);
        if (version === entry.version) continue;
        entry.secret = read(entry.file);
        entry.version = version;
        log.info({ file: entry.file }, 'secret reloaded');
      } catch (err) {
        log.error({ err, file: entry.file }, 'cannot reload the secret; keeping the previous one');
      }
    }
    secrets = kept.map(({ secret }) => secret);
    return secrets;
  };
}

/** Kubernetes replaces a Secret's files by switching a symbolic link. */
function versionOf(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat ? `${stat.dev}:${stat.ino}:${stat.size}:${stat.mtimeMs}` : '';
}

function read(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8').trimEnd();
  } catch (cause) {
    throw new WorkError(
      `the secret in ${file} cannot be read: ${(cause as Error).message}`,
      'Create the file, or set another path in settings.server.github.webhook_secret_files.',
      { cause },
    );
  }
  if (text === '') {
    throw new WorkError(`the secret in ${file} is empty`, 'Put the same secret into it as on GitHub.');
  }
  return text;
}
