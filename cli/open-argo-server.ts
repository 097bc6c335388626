import { resolve } from 'node:path';

import type { ClusterClient } from '../argo/client/client.js';
import { type ArgoServer, argoServer } from '../argo/retry/argo-server.js';
import type { Settings } from '../schema/index.js';
import type { Io } from './io.js';

/** `argo.server` of the settings. */
export type ArgoServerSettings = NonNullable<Settings['argo']['server']>;

/**
 * Argo's server as the settings name it; their files are found from the folder of the command.
 *
 * @throws ConfigError when a file cannot be used
 */
export function openArgoServer(
  { cwd }: Io,
  { endpoint, verify, ca_file: caFile, token_file: tokenFile }: ArgoServerSettings,
  { kubeConfig }: ClusterClient,
): ArgoServer {
  return argoServer(
    {
      endpoint,
      verify,
      ...(caFile !== undefined && { caFile: resolve(cwd, caFile) }),
      ...(tokenFile !== undefined && { tokenFile: resolve(cwd, tokenFile) }),
    },
    kubeConfig,
  );
}
