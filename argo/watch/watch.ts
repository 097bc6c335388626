import { setTimeout as wait } from 'node:timers/promises';

import { workflowPath, type ClusterClient } from '../client/client.js';
import { KubernetesError } from '../client/errors.js';
import { persist, Retries, type Patience } from '../client/patience.js';
import { isFinished } from '../status/nodes.js';
import type { ObservedWorkflow } from '../status/observed.js';
import { openWatch } from './watch-stream.js';

/** The state of a workflow. `gone`: it does not exist, and its outcome is unknown. */
export type Observation =
  | { readonly kind: 'seen'; readonly workflow: ObservedWorkflow }
  | { readonly kind: 'gone'; readonly last: ObservedWorkflow | undefined };

/** What a watch may be told. */
export interface WatchOptions {
  readonly signal?: AbortSignal;
  /** Before the first answer, and then between two of them. Default: the client's. */
  readonly patience?: Patience;
}

/** An API server that has just started answers 403 until it has read the cluster's roles. */
const REFUSAL_PATIENCE_MS = 30_000;

/**
 * Looks at a workflow until it is finished or gone: first as it is, then at each change. What happens in between may
 * be passed over, the last state never. A connection that is cut, a `410 Gone` and an API server that restarts are
 * retried by reading it again.
 *
 * @throws KubernetesError when the cluster refuses, or does not answer for too long
 */
export async function* watchWorkflow(
  client: ClusterClient,
  namespace: string,
  name: string,
  { signal, ...options }: WatchOptions = {},
): AsyncGenerator<Observation, void, undefined> {
  const patience = options.patience ?? client.followPatience;
  const retries = new Retries(patience, signal);
  const refusals = new Retries(
    { ...patience, totalMs: Math.min(patience.totalMs, REFUSAL_PATIENCE_MS) },
    signal,
    isRefusal,
  );
  const lookAgain = (): Promise<WorkflowList> => observe(client, namespace, name, signal);
  // Nothing is followed yet: somebody waits to see whether it is there.
  let first: WorkflowList | undefined = await persist(lookAgain, options.patience ?? client.patience, signal);
  let last: ObservedWorkflow | undefined;
  for (;;) {
    try {
      const list = first ?? (await lookAgain());
      first = undefined;
      retries.succeeded();
      refusals.succeeded();
      const found = list.items?.[0];
      // Another workflow of the same name is not the watched one.
      if (
        found === undefined ||
        (last?.metadata.uid !== undefined && last.metadata.uid !== found.metadata.uid)
      ) {
        yield { kind: 'gone', last };
        return;
      }
      if (found.metadata.resourceVersion !== last?.metadata.resourceVersion) {
        last = found;
        yield { kind: 'seen', workflow: found };
      }
      if (isFinished(found)) return;
      const events = await openWatch(client, namespace, `the workflow ${name} in ${namespace}`, {
        fieldSelector: `metadata.name=${name}`,
        version: list.metadata.resourceVersion,
        signal,
      });
      for await (const event of events) {
        if (event.type === 'ENDED') break;
        if (event.type === 'DELETED') {
          yield { kind: 'gone', last };
          return;
        }
        last = event.object;
        yield { kind: 'seen', workflow: last };
        if (isFinished(last)) return;
      }
      // A server that ends watches at once must not be asked without end.
      await wait(200, undefined, signal ? { signal } : {});
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      // Who was let in before is refused for good only if it lasts.
      await (last !== undefined && isRefusal(error) ? refusals : retries).failed(error);
    }
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof KubernetesError && error.status === 403;
}

interface WorkflowList {
  readonly metadata: { readonly resourceVersion: string };
  readonly items?: readonly ObservedWorkflow[];
}

function observe(
  client: ClusterClient,
  namespace: string,
  name: string,
  signal: AbortSignal | undefined,
): Promise<WorkflowList> {
  return client.call<WorkflowList>({
    what: `reading the workflow ${name} in ${namespace}`,
    path: workflowPath(namespace),
    query: { fieldSelector: `metadata.name=${name}` },
    signal,
  });
}
