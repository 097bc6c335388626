import { setTimeout as wait } from 'node:timers/promises';

import { ANNOTATIONS, type StopReason } from '../generator/workflow/names.js';
import { ServiceError } from '../schema/errors.js';
import { apiPath, workflowPath, type ClusterClient } from './client.js';
import { systemClock, type Clock } from './clock.js';
import { KubernetesError } from './errors.js';
import { isFinished } from './nodes.js';
import type { ObservedWorkflow } from './observed.js';
import { CALL_PATIENCE, persist } from './patience.js';

/** How a workflow is stopped. */
export interface StopOptions {
  /** Milliseconds that its pods may take to end; default two minutes. */
  readonly patience?: number;
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
 * Stops a workflow, and waits until none of its pods works any more. One that is finished or gone already stays as it is.
 *
 * @throws KubernetesError when the cluster refuses or does not answer
 * @throws ServiceError when pods still work at the end of `patience`
 */
export async function stopWorkflow(
  client: ClusterClient,
  namespace: string,
  name: string,
  { patience = 120_000, signal }: StopOptions = {},
): Promise<StopOutcome> {
  const path = workflowPath(namespace, name);
  const read = (): Promise<ObservedWorkflow | undefined> =>
    orGone(
      persist(
        () => client.call<ObservedWorkflow>({ what: `reading the workflow ${name}`, path, signal }),
        CALL_PATIENCE,
        signal,
      ),
    );

  const before = await read();
  if (before === undefined) return 'was gone';
  if (isFinished(before)) return 'was finished';
  if (!(await tellToStop(client, namespace, name, { ...(signal && { signal }) }))) return 'was gone';

  const end = Date.now() + patience;
  for (;;) {
    const [workflow, working] = [await read(), await workingPods(client, namespace, name, signal)];
    if (working.length === 0 && (workflow === undefined || isFinished(workflow))) return 'stopped';
    if (Date.now() > end) {
      throw new ServiceError(
        'Argo',
        client.address,
        `the workflow ${name} was told to stop, and still works${working.length > 0 ? ` in ${working.join(', ')}` : ''}`,
        'check that Argo’s controller runs; then ask for it again',
      );
    }
    await wait(1000, undefined, signal ? { signal } : {});
  }
}

/**
 * Tells Argo to stop a workflow, and does not wait for it.
 *
 * @param reason - written on the workflow, for whoever tells its end
 * @returns false where there is no such workflow
 * @throws KubernetesError when the cluster refuses or does not answer
 */
export async function tellToStop(
  client: ClusterClient,
  namespace: string,
  name: string,
  { reason, signal }: { readonly reason?: StopReason; readonly signal?: AbortSignal } = {},
): Promise<boolean> {
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
      CALL_PATIENCE,
      signal,
    ),
  );
  return patched !== undefined;
}

/**
 * Waits until no pod of a workflow works any more, for `patience` at most: Argo calls a workflow that is stopped ended a
 * moment before its pods are. Where nobody may list pods, nothing is waited for.
 *
 * @throws KubernetesError when the cluster does not answer
 */
export async function podsEnded(
  client: ClusterClient,
  namespace: string,
  name: string,
  { patience = 60_000, signal, clock = systemClock }: StopOptions & { readonly clock?: Clock } = {},
): Promise<void> {
  const end = clock.now() + patience;
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
    CALL_PATIENCE,
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
