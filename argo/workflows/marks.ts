import { ANNOTATIONS, KFOPS_SELECTOR, LABELS } from '../../generator/workflow/names.js';
import { workflowPath, type ClusterClient } from '../client/client.js';
import { KubernetesError } from '../client/errors.js';
import { persist } from '../client/patience.js';
import { AS_METADATA, type CallOptions } from './find-workflows.js';

/** A notification that is due, and what it says. */
export interface DueNotice {
  readonly event: 'failed' | 'recovered';
  /** For {@link ANNOTATIONS.notice}. */
  readonly text: string;
}

/** Selects the workflows with a notification that is due. */
export const DUE_SELECTOR = `${KFOPS_SELECTOR},${LABELS.notify} in (failed,recovered)`;

/**
 * Marks a workflow as reported on its pull request, so that it is not read again. In the same write, its notification
 * becomes due: it can't be lost, nor become due twice. A workflow that is gone is no error.
 *
 * @param phase - the phase to report
 * @throws KubernetesError when the cluster does not answer or refuses
 */
export async function markReported(
  client: ClusterClient,
  namespace: string,
  name: string,
  phase: string,
  { notice, ...options }: CallOptions & { readonly notice?: DueNotice | undefined } = {},
): Promise<void> {
  const labels = { [LABELS.reported]: phase };
  const metadata = notice
    ? {
        labels: { ...labels, [LABELS.notify]: notice.event },
        // Of an earlier end, where it was retried.
        annotations: { [ANNOTATIONS.notice]: notice.text, [ANNOTATIONS.notified]: null },
      }
    : { labels };
  await mark(client, namespace, name, metadata, options);
}

/**
 * Marks channels as notified of a workflow's end. A workflow that is gone is no error.
 *
 * @param channels - all of them so far
 * @throws KubernetesError when the cluster does not answer or refuses
 */
export async function markNotified(
  client: ClusterClient,
  namespace: string,
  name: string,
  channels: readonly string[],
  options: CallOptions = {},
): Promise<void> {
  await mark(
    client,
    namespace,
    name,
    { annotations: { [ANNOTATIONS.notified]: JSON.stringify(channels) } },
    options,
  );
}

/**
 * Marks the notification of a workflow as no longer due. A workflow that is gone is no error.
 *
 * @param outcome - `undelivered`: a channel was given up
 * @throws KubernetesError when the cluster does not answer or refuses
 */
export async function markNotifyEnd(
  client: ClusterClient,
  namespace: string,
  name: string,
  outcome: 'done' | 'undelivered',
  options: CallOptions = {},
): Promise<void> {
  await mark(client, namespace, name, { labels: { [LABELS.notify]: outcome } }, options);
}

async function mark(
  client: ClusterClient,
  namespace: string,
  name: string,
  metadata: object,
  { patience = client.patience, signal }: CallOptions,
): Promise<void> {
  try {
    await persist(
      () =>
        client.call({
          what: `writing down the report of the workflow ${name} in ${namespace}`,
          method: 'PATCH',
          path: workflowPath(namespace, name),
          contentType: 'application/merge-patch+json',
          accept: AS_METADATA,
          body: { metadata },
          signal,
        }),
      patience,
      signal,
    );
  } catch (error) {
    if (!(error instanceof KubernetesError) || error.status !== 404) throw error;
  }
}
