import { resolve } from 'node:path';

import type { ClusterClient } from '../argo/client.js';
import { ConfigError, type Settings } from '../schema/index.js';
import type { Io } from './io.js';
import { readSettings } from './open-project.js';
import type { ClusterFlags, NamespaceFlags } from './options.js';

/** A namespace of a cluster. */
export interface OpenedCluster {
  readonly client: ClusterClient;
  readonly namespace: string;
  readonly settings: Settings;
}

/**
 * The cluster that the arguments name. Nothing is sent yet.
 *
 * @throws ConfigError when there is no such cluster
 */
export async function connect(io: Io, { kubeconfig, context }: ClusterFlags): Promise<ClusterClient> {
  // Loaded here: it takes longer than all the rest of most commands.
  const { connectCluster } = await import('../argo/client.js');
  return connectCluster({
    ...(kubeconfig !== undefined && { kubeconfig: resolve(io.cwd, kubeconfig) }),
    ...(context !== undefined && { context }),
  });
}

/**
 * The cluster and namespace in which workflows are looked for.
 *
 * @throws ConfigError when the settings are wrong or there is no such cluster
 */
export async function openCluster(io: Io, flags: NamespaceFlags): Promise<OpenedCluster> {
  const { value: settings } = readSettings(io, flags.settings);
  return { client: await connect(io, flags), namespace: flags.namespace ?? settings.namespace, settings };
}

/**
 * The cluster that the arguments name, where there is any to be had.
 *
 * @throws ConfigError when the arguments ask for one that is not there
 */
export async function tryConnect(io: Io, flags: ClusterFlags): Promise<ClusterClient | undefined> {
  try {
    return await connect(io, flags);
  } catch (error) {
    const asked = flags.kubeconfig !== undefined || flags.context !== undefined;
    const none =
      error instanceof ConfigError && error.diagnostics.every(({ code }) => code === 'FILE_MISSING');
    if (asked || !none) throw error;
    return undefined;
  }
}
