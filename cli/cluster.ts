import { resolve } from 'node:path';

import type { ClientOptions, ClusterClient } from '../argo/client/client.js';
import { ConfigError, type Settings } from '../schema/index.js';
import type { Io } from './io.js';
import { readSettings } from './open-project.js';
import type { ClusterFlags, KubeconfigFlags, NamespaceFlags } from './options.js';
import type { Session } from './session.js';
import { sayWaiting } from './waiting.js';

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
export async function connect(
  io: Io,
  { kubeconfig, context }: KubeconfigFlags,
  options: ClientOptions = {},
): Promise<ClusterClient> {
  // Loaded here: it takes longer than all the rest of most commands.
  const { connectCluster } = await import('../argo/client/client.js');
  return connectCluster(
    {
      ...(kubeconfig !== undefined && { kubeconfig: resolve(io.cwd, kubeconfig) }),
      ...(context !== undefined && { context }),
    },
    options,
  );
}

/**
 * As {@link connect}, for a command that somebody waits for: it says when the cluster does not answer, waits as long as
 * `--timeout` says, and gives up at once where waiting is of no use.
 */
export async function connectWaiting(session: Session, flags: ClusterFlags): Promise<ClusterClient> {
  const { CALL_PATIENCE, FOLLOW_PATIENCE } = await import('../argo/client/patience.js');
  const onWait = (totalMs: number): void => {
    sayWaiting(session, `the cluster at ${client.address}`, totalMs);
  };
  const totalMs = flags.timeout === undefined ? undefined : flags.timeout * 1000;
  const given = totalMs === undefined ? {} : { totalMs };
  const client = await connect(session.io, flags, {
    failFast: true,
    patience: { ...CALL_PATIENCE, ...given, onWait },
    followPatience: { ...FOLLOW_PATIENCE, ...given, onWait },
    ...(totalMs !== undefined && { timeoutMs: attemptOf(totalMs) }),
  });
  return client;
}

/** Longest that one attempt waits for its answer. */
const ATTEMPT_MS = 30_000;

/** A part of the time that leaves no attempt half done at its end. */
function attemptOf(totalMs: number): number {
  return Math.ceil(totalMs / Math.ceil(totalMs / ATTEMPT_MS));
}

/**
 * The cluster and namespace in which workflows are looked for.
 *
 * @throws ConfigError when the settings are wrong or there is no such cluster
 */
export async function openCluster(session: Session, flags: NamespaceFlags): Promise<OpenedCluster> {
  const { value: settings } = readSettings(session, flags.settings);
  return {
    client: await connectWaiting(session, flags),
    namespace: flags.namespace ?? settings.namespace,
    settings,
  };
}

/**
 * The cluster that the arguments name, if there is one.
 *
 * @throws ConfigError when the arguments ask for a cluster that does not exist
 */
export async function tryConnect(session: Session, flags: ClusterFlags): Promise<ClusterClient | undefined> {
  try {
    return await connectWaiting(session, flags);
  } catch (error) {
    const asked = flags.kubeconfig !== undefined || flags.context !== undefined;
    const none = error instanceof ConfigError && error.diagnostics.every(({ code }) => code === 'NO_CLUSTER');
    if (asked || !none) throw error;
    return undefined;
  }
}
