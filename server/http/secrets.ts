import { readFileSync, statSync } from 'node:fs';

import { WorkError } from '../../schema/index.js';
import type { Logger } from '../telemetry/log.js';

/** Milliseconds after which a look at the files is due again. */
const LOOK_AGAIN_MS = 1000;

/** Options of {@link secretFiles}. */
export interface SecretFilesOptions {
  readonly log: Logger;
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number;
}

/**
 * Secrets that stand in files, read anew when the files have changed, so that they can be exchanged while the server
 * runs. White space at the end of a file does not count.
 *
 * @returns asks for the secrets of now. What cannot be read any more keeps its last value.
 * @throws WorkError when a file cannot be read at first, or is empty
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

/** Kubernetes exchanges a Secret's files by another link: another file then. */
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
