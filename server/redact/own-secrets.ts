import { readFileSync } from 'node:fs';

import type { Settings } from '../../schema/index.js';

/** Milliseconds after which the files are read again. */
const READ_AGAIN_MS = 1000;
/** Values of one file that are remembered: what a build printed before an exchange is shown after it. */
const KEPT_EACH = 3;

/** The files of the settings that hold a secret. */
export function filesWithSecrets({ argo, server: { github, minio } }: Settings): string[] {
  return [
    github.app?.private_key_file,
    github.token_file,
    ...github.webhook_secret_files,
    minio.access_key_file,
    minio.secret_key_file,
    argo.server?.token_file,
  ].filter((file) => file !== undefined);
}

/**
 * The values that the secret files of the settings hold, to be masked where they turn up. They are read again each
 * second in which they are asked for. The last values before an exchange are kept, also when a file can't be read.
 *
 * @param now - milliseconds of a clock that never goes back
 */
export function ownSecrets(settings: Settings, now = () => performance.now()): () => readonly string[] {
  const kept = new Map<string, readonly string[]>(filesWithSecrets(settings).map((file) => [file, []]));
  let readAt = -Infinity;
  let secrets: readonly string[] = [];
  return () => {
    if (now() - readAt < READ_AGAIN_MS) return secrets;
    readAt = now();
    for (const [file, values] of kept) {
      const value = valueOf(file);
      if (value !== undefined)
        kept.set(file, [value, ...values.filter((before) => before !== value)].slice(0, KEPT_EACH));
    }
    secrets = [...new Set([...kept.values()].flat())];
    return secrets;
  };
}

function valueOf(file: string): string | undefined {
  try {
    const value = readFileSync(file, 'utf8').trim();
    return value === '' ? undefined : value;
  } catch {
    // The code that needs the secret reports it.
    return undefined;
  }
}
