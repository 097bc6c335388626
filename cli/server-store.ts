import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

import type { Settings } from '../schema/index.js';
import type { Io } from './io.js';
import { keysKnown } from './reach-minio.js';

/**
 * The environment with the server's own way to the object store: `server.minio` of the settings. For `kfops doctor` in
 * the server's pod. Elsewhere the files of the keys don't exist, and nothing changes. Variables that are set have
 * precedence.
 */
export function withServerStore({ cwd, env }: Pick<Io, 'cwd' | 'env'>, { server }: Settings): Io['env'] {
  const { endpoint, access_key_file: accessKey, secret_key_file: secretKey } = server.minio;
  if (accessKey === undefined || secretKey === undefined) return env;
  if (![accessKey, secretKey].every((file) => existsSync(resolve(cwd, file)))) return env;
  if (keysKnown(env)) return env;
  return {
    ...(endpoint !== undefined && { KFOPS_MINIO_ENDPOINT: endpoint }),
    ...env,
    KFOPS_MINIO_ACCESS_KEY_FILE: accessKey,
    KFOPS_MINIO_SECRET_KEY_FILE: secretKey,
  };
}
