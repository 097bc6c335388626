import { setTimeout as wait } from 'node:timers/promises';

import { jitter } from '../../common/backoff.js';
import type { ClusterClient } from '../client/client.js';
import { KubernetesError } from '../client/errors.js';
import { Retries, type Patience } from '../client/patience.js';
import type { ObservedWorkflow } from '../status/observed.js';
import { listMetadata, readIfThere } from '../workflows/read-many.js';
import { openWatch } from './watch-stream.js';
import { KnownWorkflows, type WatchedWorkflow } from './watched.js';

/**
 * The state of one of many workflows. `gone`: it no longer exists. Unless `last.finished`, its outcome was not seen:
 * that is unknown, never success.
 */
export type WorkflowChange =
  | { readonly kind: 'seen'; readonly workflow: ObservedWorkflow }
  | { readonly kind: 'gone'; readonly last: WatchedWorkflow };

/** What a watch over many workflows may be told. */
export interface WatchManyOptions {
  readonly signal?: AbortSignal;
  /** With a cluster that does not answer. Default: without end. */
  readonly patience?: Patience;
}

const PATIENCE: Patience = { totalMs: Number.POSITIVE_INFINITY, firstMs: 500, longestMs: 15_000 };
/** An API server that has just started answers 403 until it has read the cluster's roles. */
const REFUSAL_PATIENCE_MS = 30_000;

/**
 * Looks at all workflows of a selector, without end: each as it is now, then at each change. What happens in between
 * may be passed over, the last state never, and the end of a workflow is reported once. A connection that is cut,
 * `410 Gone`, `429` and an API server that restarts are retried by listing again: a workflow that was deleted meanwhile is
 * `gone`. A workflow whose labels no longer match is `gone`, too.
 *
 * Lists travel as metadata only, a workflow is fetched when its version is new, and of each no more than
 * {@link WatchedWorkflow} is kept.
 *
 * @param labelSelector - in Kubernetes' syntax
 * @throws KubernetesError when the cluster refuses, or does not answer for longer than `patience`
 */
export async function* watchWorkflows(
  client: ClusterClient,
  namespace: string,
  labelSelector: string,
  { signal, patience = PATIENCE }: WatchManyOptions = {},
): AsyncGenerator<WorkflowChange, void, undefined> {
  const known = new KnownWorkflows();
  const retries = new Retries(patience, signal);
  const refusals = new Retries(
    { ...patience, totalMs: Math.min(patience.totalMs, REFUSAL_PATIENCE_MS) },
    signal,
    isRefusal,
  );
  const what = `the workflows in ${namespace}`;
  /** The version to continue from; undefined: list first. */
  let version: string | undefined;
  for (;;) {
    try {
      if (version === undefined) {
        const list = await listMetadata(client, namespace, labelSelector, signal);
        for (const last of known.missing(list.items)) yield { kind: 'gone', last };
        for (const listed of list.items.filter((metadata) => known.isNews(metadata))) {
          const workflow = await readIfThere(client, namespace, listed.name, signal);
          if (workflow === undefined || workflow.metadata.uid !== listed.uid) {
            yield { kind: 'gone', last: known.forget(listed) };
          } else if (known.add(workflow)) yield { kind: 'seen', workflow };
        }
        version = list.resourceVersion;
      }
      const events = await openWatch(client, namespace, what, { labelSelector, version, signal });
      retries.succeeded();
      refusals.succeeded();
      for await (const event of events) {
        if (event.type === 'ENDED') version = event.version;
        else if (event.type !== 'DELETED') {
          if (known.add(event.object)) yield { kind: 'seen', workflow: event.object };
        } else if (known.has(event.object.metadata)) {
          yield { kind: 'gone', last: known.forget(event.object.metadata) };
        }
      }
      // A server that ends watches at once must not be asked without end.
      await wait(jitter(patience.firstMs), undefined, signal ? { signal } : {});
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      version = undefined;
      await (isRefusal(error) ? refusals : retries).failed(error);
    }
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof KubernetesError && error.status === 403;
}
