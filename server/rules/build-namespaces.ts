import type { ClusterClient } from '../../argo/client/client.js';
import type { Settings } from '../../schema/index.js';
import { ruleFor, type NamedRepository } from './repository-settings.js';

/** The cluster, and in which of its namespaces builds run. */
export interface BuildCluster {
  readonly client: ClusterClient;
  /** All in which there can be builds, each once; first the one of repositories whose rule names none. */
  readonly namespaces: readonly [string, ...string[]];
  /** The one in which builds of this repository are submitted. */
  readonly namespaceOf: (repository: NamedRepository) => string;
}

/** What a comment keeps of a workflow. */
interface RecordedWorkflow {
  readonly name: string;
  readonly namespace?: string;
}

/** The build namespaces of the settings. */
export function buildCluster(client: ClusterClient, settings: Settings): BuildCluster {
  return {
    client,
    namespaces: buildNamespaces(settings),
    namespaceOf: (repository) => buildNamespace(settings, repository),
  };
}

/** The namespace in which builds of a repository run: its rule's, else that of the settings. */
export function buildNamespace({ namespace, server }: Settings, repository: NamedRepository): string {
  return ruleFor(server.rules ?? [], repository)?.build_namespace ?? namespace;
}

/** Every namespace in which builds can run, each once: that of the settings, then those of the rules. */
export function buildNamespaces({ namespace, server }: Settings): readonly [string, ...string[]] {
  const own = (server.rules ?? []).flatMap(({ build_namespace: named }) => named ?? []);
  return [namespace, ...new Set(own.filter((each) => each !== namespace))];
}

/** What a comment records about where a workflow is: nothing if that is the namespace of the settings. */
export function recordedNamespace(
  { namespaces: [common] }: Pick<BuildCluster, 'namespaces'>,
  namespace: string,
): Pick<RecordedWorkflow, 'namespace'> {
  return namespace === common ? {} : { namespace };
}

/** Whether a comment records this workflow, by its name and its namespace. */
export function isRecorded(
  { namespaces: [common] }: Pick<BuildCluster, 'namespaces'>,
  recorded: RecordedWorkflow | undefined,
  { name, namespace }: Required<RecordedWorkflow>,
): boolean {
  return recorded?.name === name && (recorded.namespace ?? common) === namespace;
}

/** Where a recorded workflow is; undefined if no rule names that namespace now, so that nobody looks there. */
export function watchedNamespace(
  { namespaces }: Pick<BuildCluster, 'namespaces'>,
  { namespace = namespaces[0] }: RecordedWorkflow,
): string | undefined {
  return namespaces.find((each) => each === namespace);
}
