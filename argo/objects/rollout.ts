import { type Clock, systemClock } from '../../common/clock.js';
import { apiPath, type ClusterClient } from '../client/client.js';
import { type KubernetesObject, readObject } from './apply.js';

/** How a rollout ended. `why`: what its pods say, as far as they do. */
export type Rollout =
  { readonly state: 'ready'; readonly replicas: number } | { readonly state: 'late'; readonly why: string };

interface DeploymentStatus {
  readonly observedGeneration?: number;
  readonly replicas?: number;
  readonly updatedReplicas?: number;
  readonly availableReplicas?: number;
}

interface Pod {
  readonly status?: {
    readonly phase?: string;
    readonly containerStatuses?: readonly {
      readonly state?: { readonly waiting?: { readonly reason?: string; readonly message?: string } };
    }[];
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly message?: string;
    }[];
  };
}

const PAUSE_MS = 2000;

/** How {@link waitForRollout} waits. */
export interface RolloutOptions {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly clock?: Clock;
}

/**
 * Waits until all pods of a Deployment are new and available, as `kubectl rollout status` does.
 *
 * @throws KubernetesError when the cluster does not answer
 */
export async function waitForRollout(
  client: ClusterClient,
  namespace: string,
  name: string,
  { signal, timeoutMs, clock = systemClock }: RolloutOptions,
): Promise<Rollout> {
  const wanted: KubernetesObject = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace },
  };
  const end = clock.now() + timeoutMs;
  for (;;) {
    const found = await readObject(client, wanted);
    const replicas = found && readyReplicas(found);
    if (replicas !== undefined) return { state: 'ready', replicas };
    if (clock.now() >= end) return { state: 'late', why: await whyNotReady(client, namespace, name) };
    await clock.wait(PAUSE_MS, signal);
  }
}

/** @returns undefined while some are old or not available */
function readyReplicas({ metadata, spec, status }: KubernetesObject): number | undefined {
  const { generation = 0 } = metadata as { readonly generation?: number };
  const { replicas: wanted = 1 } = (spec ?? {}) as { readonly replicas?: number };
  const {
    observedGeneration = 0,
    replicas = 0,
    updatedReplicas = 0,
    availableReplicas = 0,
  } = (status ?? {}) as DeploymentStatus;
  if (observedGeneration < generation || updatedReplicas < wanted) return undefined;
  // Old pods still run.
  if (replicas > updatedReplicas || availableReplicas < updatedReplicas) return undefined;
  return wanted;
}

async function whyNotReady(client: ClusterClient, namespace: string, name: string): Promise<string> {
  const { items = [] } = await client.call<{ readonly items?: readonly Pod[] }>({
    what: `looking for the pods of ${name}`,
    path: apiPath('api', 'v1', 'namespaces', namespace, 'pods'),
    query: { labelSelector: `app.kubernetes.io/name=${name}` },
  });
  const reasons = items.flatMap(({ status }) => {
    const waiting = (status?.containerStatuses ?? []).flatMap(({ state }) => state?.waiting ?? []);
    const words = waiting.map(({ reason = 'waiting', message }) =>
      message === undefined ? reason : `${reason} (${message.slice(0, 300)})`,
    );
    const unscheduled = (status?.conditions ?? []).filter(
      ({ type, status: is }) => type === 'PodScheduled' && is === 'False',
    );
    return [
      ...words,
      ...unscheduled.map(({ message }) => `not scheduled (${(message ?? '').slice(0, 300)})`),
    ];
  });
  if (items.length === 0) return 'it has no pods';
  return reasons.length === 0 ? 'its pods run and are not ready' : [...new Set(reasons)].join('; ');
}
