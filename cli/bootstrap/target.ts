import type { ClusterClient } from '../../argo/client/client.js';
import { persist } from '../../argo/client/patience.js';
import { ConfigError, type Diagnostic, ServiceError } from '../../schema/index.js';
import { connectWaiting } from '../cluster.js';
import { say, type Session } from '../session.js';
import type { BootstrapFlags } from './flags.js';

/** The cluster that the arguments name. */
export interface Target {
  /** Undefined for a dry run without a cluster, and when there is a problem. */
  readonly client?: ClusterClient;
  /** Why a dry run has no cluster, as a sentence. */
  readonly whyNone?: string;
  /** Why no cluster is named; reported together with wrong flags. */
  readonly problems: readonly Diagnostic[];
}

/** Reads the kubeconfig. Nothing is sent yet. */
export async function openTarget(session: Session, flags: BootstrapFlags): Promise<Target> {
  try {
    return { problems: [], client: await connectWaiting(session, flags) };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const isAskedFor = flags.kubeconfig !== undefined || flags.context !== undefined;
    const hasNone = error.diagnostics.every(({ code }) => code === 'NO_CLUSTER');
    if (flags.dryRun && hasNone && !isAskedFor) return { problems: [], whyNone: error.message };
    return { problems: error.diagnostics };
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
  { client, whyNone }: Target,
): Promise<ClusterClient | undefined> {
  if (client === undefined) {
    if (whyNone !== undefined) sayWithoutCluster(session, whyNone);
    return undefined;
  }
  try {
    await persist(() => client.call({ what: 'asking for the version', path: '/version' }), client.patience);
    return client;
  } catch (error) {
    if (!dryRun || !(error instanceof ServiceError)) throw error;
    sayWithoutCluster(session, `${error.message}.`);
    return undefined;
  }
}

function sayWithoutCluster(session: Session, why: string): void {
  const { yellow } = session.style;
  say(session, `${yellow('warning')} ${why} What follows is printed without a cluster.`);
}
