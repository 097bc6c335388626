import { readFile } from 'node:fs/promises';
import { addAbortSignal } from 'node:stream';

import { unlessAborted } from '../../common/unless-aborted.js';
import { ASSUMED_STORE } from '../../generator/plan/plan-parts.js';
import type { Plan } from '../../generator/plan/plan-types.js';
import type { ContextStore } from '../../generator/ports.js';
import { WorkError, type Settings } from '../../schema/index.js';
import { minioStore } from '../../stores/minio.js';

/**
 * The object store, as the server itself reaches it. Its keys are read on every use, so that they can be replaced.
 *
 * @throws WorkError when a key cannot be read
 */
export async function openStore(
  { minio, server }: Settings,
  { objectStore: { bucket, region } }: Plan,
  signal: AbortSignal,
): Promise<ContextStore> {
  const { endpoint, access_key_file: accessKeyFile, secret_key_file: secretKeyFile } = server.minio;
  const [accessKey, secretKey] = await Promise.all([readKey(accessKeyFile), readKey(secretKeyFile)]);
  const store = minioStore({
    // Never that of the plan: config.yaml could name it.
    endpoint: endpoint ?? minio.endpoint ?? ASSUMED_STORE,
    secure: minio.secure,
    accessKey,
    secretKey,
    bucket,
    ...(region !== undefined && { region }),
  });
  return {
    has: (key) => unlessAborted(signal, store.has(key)),
    describe: () => store.describe(),
    // The content breaks off with the signal, and the store removes what it has of it, if it answers.
    put: (key, open) =>
      unlessAborted(
        signal,
        store.put(key, () => addAbortSignal(signal, open())),
      ),
  };
}

async function readKey(file = ''): Promise<string> {
  const content = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw unreadable(file, cause);
  });
  const key = content.replace(/\r?\n$/, '');
  if (key === '') throw unreadable(file);
  return key;
}

function unreadable(file: string, cause?: unknown): WorkError {
  return new WorkError(
    `The server cannot read its object-store key from ${file === '' ? 'a file' : file}.`,
    "Ask the server's operator to check `server.minio` in the settings.",
    { cause },
  );
}
