import { readFileSync } from 'node:fs';

import { parseRecord, recordOf } from '../../common/json.js';
import type { Settings } from '../../schema/index.js';

/** Milliseconds after which the files are read again. */
const READ_AGAIN_MS = 1000;
/** States of one file that are remembered: what a build printed before an exchange is shown after it. */
const KEPT_EACH = 3;

/** The files of the settings that hold a secret. */
export function filesWithSecrets({ argo, registry, notify, server: { github, minio } }: Settings): string[] {
  return [
    github.app?.private_key_file,
    github.token_file,
    ...github.webhook_secret_files,
    minio.access_key_file,
    minio.secret_key_file,
    argo.server?.token_file,
    registry.credentials_file,
    ...notify.flatMap(({ url_file: url, secret_file: secret }) => [url, secret]),
  ].filter((file) => file !== undefined);
}

/**
 * The values that the secret files of the settings hold, to be masked where they turn up. They are read again each
 * second in which they are asked for. The last values before an exchange are kept, also when a file can't be read.
 *
 * @param now - milliseconds of a clock that never goes back
 */
export function ownSecrets(settings: Settings, now = () => performance.now()): () => readonly string[] {
  const kept = new Map<string, readonly (readonly string[])[]>(
    filesWithSecrets(settings).map((file) => [file, []]),
  );
  let readAt = -Infinity;
  let secrets: readonly string[] = [];
  return () => {
    if (now() - readAt < READ_AGAIN_MS) return secrets;
    readAt = now();
    for (const [file, states] of kept) {
      const values = valuesOf(file);
      const isOther = (before: readonly string[]): boolean => String(before) !== String(values);
      if (values.length > 0) kept.set(file, [values, ...states.filter(isOther)].slice(0, KEPT_EACH));
    }
    secrets = [...new Set([...kept.values()].flat(2))];
    return secrets;
  };
}

function valuesOf(file: string): readonly string[] {
  try {
    const text = readFileSync(file, 'utf8').trim();
    const { auths } = parseRecord(text) ?? {};
    if (auths !== undefined) return Object.values(recordOf(auths)).flatMap(loginSecrets);
    return text === '' ? [] : [text];
  } catch {
    // The code that needs the secret reports it.
    return [];
  }
}

/** What of a login in Docker's config.json is secret. */
function loginSecrets(login: unknown): readonly string[] {
  const { auth, password, identitytoken, registrytoken } = recordOf(login);
  const decoded = typeof auth === 'string' ? Buffer.from(auth, 'base64').toString('utf8') : '';
  const ofAuth = decoded.slice(decoded.indexOf(':') + 1);
  return [auth, ofAuth, password, identitytoken, registrytoken].filter(
    (value): value is string => typeof value === 'string' && value !== '',
  );
}
