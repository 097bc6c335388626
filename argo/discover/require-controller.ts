import { ServiceError } from '../../schema/errors.js';
import { workflowPath, type ClusterClient } from '../client/client.js';
import { type ArgoController, controllersFor, findControllers } from './argo-controller.js';

/** Longest that a build waits for the answer; milliseconds. */
const WAIT_MS = 10_000;
/** Argo sets it as soon as it picks up a workflow. */
const PICKED_UP = 'workflows.argoproj.io/phase';

/**
 * Makes sure that a workflow of this namespace would start. Only what is certain is refused: without permission to list
 * Deployments, without an answer, or where Argo has picked up a workflow of this namespace before, nothing is.
 *
 * @param ended - nobody waits for the answer any longer
 * @throws ServiceError when Argo's controllers can be seen, and all of them watch other namespaces
 */
export async function requireController(
  client: ClusterClient,
  namespace: string,
  ended?: AbortSignal,
): Promise<void> {
  const late = AbortSignal.timeout(WAIT_MS);
  const signal = ended ? AbortSignal.any([ended, late]) : late;
  const controllers = await whereKnown(findControllers(client, signal), signal);
  const [other] = controllers ?? [];
  if (other === undefined || controllersFor(controllers ?? [], namespace).length > 0) return;
  // A controller whose image has another name is not recognised.
  if (await whereKnown(hasPickedUp(client, namespace, signal), signal)) return;
  throw watchesElsewhere(other, namespace);
}

/** The error for workflows of a namespace that no controller watches. */
export function watchesElsewhere(
  { name, namespace, watches = namespace }: ArgoController,
  builds: string,
): ServiceError {
  return new ServiceError(
    'Argo’s controller',
    `Deployment ${name} in ${namespace}`,
    `watches only the namespace ${watches}, so no workflow in ${builds} ever starts`,
    `set \`namespace: ${watches}\` in the settings (on the command line: \`--namespace ${watches}\`), or ask your cluster admin to install Argo Workflows for the whole cluster, without --namespaced`,
  );
}

async function hasPickedUp(client: ClusterClient, namespace: string, signal: AbortSignal): Promise<boolean> {
  const { items } = await client.call<{ items?: readonly unknown[] }>({
    what: 'looking for workflows',
    path: workflowPath(namespace),
    query: { labelSelector: PICKED_UP, limit: 1 },
    accept: 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json',
    signal,
  });
  return (items ?? []).length > 0;
}

/** A cluster that does not answer, or refuses, is reported by the build itself. */
async function whereKnown<T>(work: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof ServiceError || signal.aborted) return undefined;
    throw error;
  }
}
