import { workflowPath, type ClusterClient } from '../client/client.js';
import { persist } from '../client/patience.js';
import type { ObservedWorkflow } from '../status/observed.js';

/** What the workflows of some namespaces use of the object store. */
export interface UsedObjects {
  /** Uids of the workflows: each has a folder of its own there. */
  readonly workflows: ReadonlySet<string>;
  /** Every text of 64 hexadecimal digits in them, among them the keys of their contexts. */
  readonly contexts: ReadonlySet<string>;
}

interface Page {
  readonly metadata: { readonly continue?: string };
  readonly items?: readonly ObservedWorkflow[] | null;
}

/** Workflows in one answer: each can have 1.5 MiB, and all of it is read. */
const PAGE = 20;

/**
 * What the workflows of these namespaces use: of all workflows, running or ended, made by Kfops or not. Archived workflows are
 * not seen.
 *
 * @throws KubernetesError if the cluster doesn't answer or refuses, for any of the namespaces
 */
export async function usedObjects(
  client: ClusterClient,
  namespaces: readonly string[],
  signal?: AbortSignal,
): Promise<UsedObjects> {
  const workflows = new Set<string>();
  const contexts = new Set<string>();
  for (const namespace of namespaces) {
    await persist(
      async () => {
        let next: string | undefined;
        do {
          const page: Page = await client.call<Page>({
            what: `listing the workflows in ${namespace}`,
            path: workflowPath(namespace),
            query: { limit: PAGE, continue: next },
            signal,
          });
          for (const workflow of page.items ?? []) {
            if (workflow.metadata.uid !== undefined) workflows.add(workflow.metadata.uid);
            for (const [digits] of JSON.stringify(workflow).matchAll(/[0-9a-f]{64,}/g)) contexts.add(digits);
          }
          next = page.metadata.continue;
        } while (next);
      },
      client.patience,
      signal,
    );
  }
  return { workflows, contexts };
}
