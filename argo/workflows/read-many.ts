import { workflowPath, type ClusterClient } from '../client/client.js';
import { KubernetesError } from '../client/errors.js';
import type { ObservedWorkflow } from '../status/observed.js';

/** A workflow's metadata, which is some hundred bytes where the workflow itself may be a megabyte. */
export type WorkflowMetadata = ObservedWorkflow['metadata'];

/** The workflows of a selector at one moment. */
export interface MetadataList {
  /** Version of the list, from which a watch continues. */
  readonly resourceVersion: string;
  readonly items: readonly WorkflowMetadata[];
}

interface Page {
  readonly metadata: { readonly continue?: string; readonly resourceVersion: string };
  readonly items?: readonly { readonly metadata: WorkflowMetadata }[];
}

/** Read at once; a list of thousands comes in pieces. */
const PAGE = 500;
const AS_METADATA = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json';

/**
 * The metadata of all workflows that a selector chooses. Does not try again.
 *
 * @throws KubernetesError also with status 410, when reading its pages took too long
 */
export async function listMetadata(
  client: ClusterClient,
  namespace: string,
  labelSelector: string,
  signal?: AbortSignal,
): Promise<MetadataList> {
  const items: WorkflowMetadata[] = [];
  let next: string | undefined;
  for (;;) {
    const page: Page = await client.call<Page>({
      what: `listing the workflows in ${namespace}`,
      path: workflowPath(namespace),
      query: { labelSelector, limit: PAGE, continue: next },
      accept: AS_METADATA,
      signal,
    });
    items.push(...(page.items ?? []).map(({ metadata }) => metadata));
    next = page.metadata.continue;
    // Every page is of the same version.
    if (!next) return { resourceVersion: page.metadata.resourceVersion, items };
  }
}

/** A workflow as it is now, or undefined where there is none of this name. Does not try again. */
export async function readIfThere(
  client: ClusterClient,
  namespace: string,
  name: string,
  signal?: AbortSignal,
): Promise<ObservedWorkflow | undefined> {
  try {
    return await client.call<ObservedWorkflow>({
      what: `reading the workflow ${name} in ${namespace}`,
      path: workflowPath(namespace, name),
      signal,
    });
  } catch (error) {
    if (error instanceof KubernetesError && error.status === 404) return undefined;
    throw error;
  }
}
