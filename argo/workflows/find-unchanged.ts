import { KFOPS_SELECTOR, LABELS, repositoryLabel } from '../../generator/workflow/names.js';
import { parseContent, type Content } from '../../generator/workflow/content.js';
import type { ClusterClient } from '../client/client.js';
import { persist } from '../client/patience.js';
import { workflowResult } from '../status/status.js';
import { listMetadata, readIfThere } from './read-many.js';

/** What a build would make. */
export interface WantedBuild {
  readonly repository: { readonly owner: string; readonly name: string };
  readonly content: Content;
  /** By the repository of each image, its digest. */
  readonly digests: ReadonlyMap<string, string>;
}

/**
 * Finds out whether the last successful build of a pipeline made the same: the same pipeline of the same images.
 *
 * @returns the name of its workflow; undefined where it made something else, or the namespace has no such workflow
 * @throws KubernetesError when the cluster does not answer or refuses
 */
export async function findUnchanged(
  client: ClusterClient,
  namespace: string,
  { repository, content, digests }: WantedBuild,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const selector = `${KFOPS_SELECTOR},${LABELS.repository}=${repositoryLabel(repository)},${LABELS.content}`;
  const { patience } = client;
  const list = await persist(() => listMetadata(client, namespace, selector, signal), patience, signal);
  const succeeded = list.items
    .map(({ name, labels = {}, creationTimestamp = '' }) => ({
      name,
      created: Date.parse(creationTimestamp),
      isSucceeded: labels['workflows.argoproj.io/phase'] === 'Succeeded',
      content: parseContent(labels[LABELS.content]),
    }))
    .filter(({ isSucceeded, content: made }) => isSucceeded && made?.pipeline === content.pipeline)
    .sort((a, b) => b.created - a.created);
  for (const { name, content: made } of succeeded) {
    const workflow = await persist(() => readIfThere(client, namespace, name, signal), patience, signal);
    const result = workflow && workflowResult(workflow);
    // Argo calls a workflow succeeded that was terminated before it began.
    if (result?.phase !== 'succeeded') continue;
    const isSame =
      made?.content === content.content &&
      result.images.length === digests.size &&
      result.images.every(
        (image) => image.digest !== undefined && digests.get(image.repository) === image.digest,
      );
    return isSame ? name : undefined;
  }
  return undefined;
}
