import { readFile } from 'node:fs/promises';
import { addAbortSignal } from 'node:stream';

import { unlessAborted } from '../../common/unless-aborted.js';
import { ASSUMED_STORE } from '../../generator/plan/plan-parts.js';
import type { Plan } from '../../generator/plan/plan-types.js';
import type { ContextStore } from '../../generator/ports.js';
import { WorkError, type Settings } from '../../schema/index.js';
import type { MinioConnection } from '../../stores/minio-calls.js';
import { readObject } from '../../stores/minio-read.js';
import { minioStore } from '../../stores/minio.js';

/**
 * The object store, as the server itself reaches it. Its keys are read on every use, so that they can be replaced.
 *
 * @throws WorkError when a key cannot be read
 */
export async function openStore(settings: Settings, plan: Plan, signal: AbortSignal): Promise<ContextStore> {
  const store = minioStore(await connection(settings, plan));
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

/** Bytes of a compiled pipeline that are read: a larger one is compared by nobody. */
const MOST_BYTES = 2 ** 20;

/**
 * Reads what a step left in the object store, up to 1 MiB.
 *
 * @returns undefined if there is no such object
 * @throws ServiceError, and WorkError when a key cannot be read or the object is larger
 */
export async function readOutput(
  settings: Settings,
  plan: Plan,
  objectKey: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const options = { ...(await connection(settings, plan)), mostBytes: MOST_BYTES };
  return unlessAborted(signal, readObject(options, objectKey));
}

async function connection(
  { minio, server }: Settings,
  { objectStore: { bucket, region } }: Plan,
): Promise<MinioConnection> {
  const { endpoint, access_key_file: accessKeyFile, secret_key_file: secretKeyFile } = server.minio;
  const [accessKey, secretKey] = await Promise.all([readKey(accessKeyFile), readKey(secretKeyFile)]);
  return {
    // Never that of the plan: config.yaml could name it.
    endpoint: endpoint ?? minio.endpoint ?? ASSUMED_STORE,
    secure: minio.secure,
    accessKey,
    secretKey,
    bucket,
    ...(region !== undefined && { region }),
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
