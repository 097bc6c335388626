import { setTimeout as wait } from 'node:timers/promises';

import { systemClock, type Clock } from '../../common/clock.js';
import { ANNOTATIONS, type StopReason } from '../../generator/workflow/names.js';
import { ServiceError } from '../../schema/errors.js';
import { apiPath, workflowPath, type ClusterClient } from '../client/client.js';
import { KubernetesError } from '../client/errors.js';
import { persist } from '../client/patience.js';
import { isFinished } from '../status/nodes.js';
import type { ObservedWorkflow } from '../status/observed.js';
import { readIfThere } from './read-many.js';
import { isStopping } from './stopping.js';

/** How a workflow is stopped. */
export interface StopOptions {
  /** Milliseconds that its pods may take to end; default two minutes. */
  readonly patienceMs?: number;
  readonly signal?: AbortSignal;
}

/** What stopping found. */
export type StopOutcome = 'stopped' | 'was finished' | 'was gone';

interface PodList {
  readonly items?: readonly {
    readonly metadata: { readonly name: string };
    readonly status?: { readonly phase?: string };
  }[];
}

/**
 * Stops a workflow, and waits until none of its pods runs. A workflow that is finished or gone stays as it is.
 *
 * @throws KubernetesError when the cluster refuses or does not answer
 * @throws ServiceError when pods still work at the end of `patience`
 */
export async function stopWorkflow(
  client: ClusterClient,
  namespace: string,
  name: string,
  { patienceMs = 120_000, signal }: StopOptions = {},
): Promise<StopOutcome> {
  const sent = await tellToStop(client, namespace, name, { ...(signal && { signal }) });
  if (sent === 'gone') return 'was gone';
  if (sent === 'finished') return 'was finished';

  const end = Date.now() + patienceMs;
  for (;;) {
    const workflow = await readNow(client, namespace, name, signal);
    const working = await workingPods(client, namespace, name, signal);
    if (working.length === 0 && (workflow === undefined || isFinished(workflow))) return 'stopped';
    if (Date.now() > end) {
      throw new ServiceError(
        'Argo',
        client.address,
        `the workflow ${name} is stopping, and still works${working.length > 0 ? ` in ${working.join(', ')}` : ''}`,
        'check that Argo’s controller runs; then ask for it again',
      );
    }
    await wait(1000, undefined, signal ? { signal } : {});
  }
}

/** The result of a request to stop. `stopping`: it was stopped before, and nothing changed. */
export type StopRequest = 'sent' | 'stopping' | 'finished' | 'gone';

/**
 * Tells Argo to stop a workflow, and does not wait for it. A workflow that is stopping is left alone: its reason is another
 * one's, and `Terminate`, which waits for nothing, must not become `Stop`.
 *
 * @param reason - written on the workflow, for the report of its end
 * @throws KubernetesError when the cluster refuses or does not answer
 */
export async function tellToStop(
  client: ClusterClient,
  namespace: string,
  name: string,
  { reason, signal }: { readonly reason?: StopReason; readonly signal?: AbortSignal } = {},
): Promise<StopRequest> {
  const before = await readNow(client, namespace, name, signal);
  if (before === undefined) return 'gone';
  if (isFinished(before)) return 'finished';
  if (isStopping(before)) return 'stopping';
  const metadata = reason && { annotations: { [ANNOTATIONS.stopReason]: reason } };
  const patched = await orGone(
    persist(
      () =>
        client.call({
          what: `stopping the workflow ${name} in ${namespace}`,
          method: 'PATCH',
          path: workflowPath(namespace, name),
          contentType: 'application/merge-patch+json',
          body: { ...(metadata && { metadata }), spec: { shutdown: 'Stop' } },
          signal,
        }),
      client.patience,
      signal,
    ),
  );
  return patched === undefined ? 'gone' : 'sent';
}

function readNow(
  client: ClusterClient,
  namespace: string,
  name: string,
  signal: AbortSignal | undefined,
): Promise<ObservedWorkflow | undefined> {
  return persist(() => readIfThere(client, namespace, name, signal), client.patience, signal);
}

/**
 * Waits until no pod of a workflow runs, for `patience` at most: Argo calls a workflow that is stopped ended a
 * moment before its pods are. Where nobody may list pods, nothing is waited for.
 *
 * @throws KubernetesError when the cluster does not answer
 */
export async function podsEnded(
  client: ClusterClient,
  namespace: string,
  name: string,
  { patienceMs = 60_000, signal, clock = systemClock }: StopOptions & { readonly clock?: Clock } = {},
): Promise<void> {
  const end = clock.now() + patienceMs;
  try {
    while ((await workingPods(client, namespace, name, signal)).length > 0 && clock.now() < end)
      await clock.wait(1000, signal);
  } catch (error) {
    if (!(error instanceof KubernetesError) || error.status !== 403) throw error;
  }
}

async function workingPods(
  client: ClusterClient,
  namespace: string,
  workflow: string,
  signal: AbortSignal | undefined,
): Promise<readonly string[]> {
  const list = await persist(
    () =>
      client.call<PodList>({
        what: `listing the pods of ${workflow}`,
        path: apiPath('api', 'v1', 'namespaces', namespace, 'pods'),
        query: { labelSelector: `workflows.argoproj.io/workflow=${workflow}` },
        signal,
      }),
    client.patience,
    signal,
  );
  return (list.items ?? [])
    .filter(({ status }) => status?.phase !== 'Succeeded' && status?.phase !== 'Failed')
    .map(({ metadata }) => metadata.name);
}

async function orGone<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof KubernetesError && error.status === 404) return undefined;
    throw error;
  }
}
