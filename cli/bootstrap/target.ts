import type { ClusterClient } from '../../argo/client/client.js';
import { persist } from '../../argo/client/patience.js';
import { ConfigError, type Diagnostic, ServiceError } from '../../schema/index.js';
import { connectWaiting, tryConnect } from '../cluster.js';
import { say, type Session } from '../session.js';
import type { BootstrapFlags } from './flags.js';

/** The cluster that the arguments name. */
export interface Target {
  /** Undefined for a dry run without a cluster, and when there is a problem. */
  readonly client?: ClusterClient;
  /** Why no cluster is named; reported together with wrong flags. */
  readonly problems: readonly Diagnostic[];
}

/** Reads the kubeconfig. Nothing is sent yet. */
export async function openTarget(session: Session, flags: BootstrapFlags): Promise<Target> {
  try {
    const client = flags.dryRun ? await tryConnect(session, flags) : await connectWaiting(session, flags);
    return { problems: [], ...(client && { client }) };
  } catch (error) {
    if (error instanceof ConfigError) return { problems: error.diagnostics };
    throw error;
  }
}

/**
 * Whether the cluster answers. A dry run continues without a cluster.
 *
 * @throws ServiceError when it does not answer, and this is no dry run
 */
export async function reachTarget(
  session: Session,
  { dryRun }: BootstrapFlags,
  { client }: Target,
): Promise<ClusterClient | undefined> {
  if (client === undefined) return undefined;
  try {
    await persist(() => client.call({ what: 'asking for the version', path: '/version' }), client.patience);
    return client;
  } catch (error) {
    if (!dryRun || !(error instanceof ServiceError)) throw error;
    say(
      session,
      `${session.style.yellow('warning')} ${error.message}. What follows is printed without a cluster.`,
    );
    return undefined;
  }
}
