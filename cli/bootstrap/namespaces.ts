/** Where the builds and the server are, if nobody says; the manifests in deploy/ have these names. */
export const NAMESPACES = { builds: 'kfops', server: 'kfops-system' } as const;

/** Namespace of Kubeflow itself. */
export const KUBEFLOW = 'kubeflow';

/** The namespaces that Kubeflow made, whatever the cluster shows: nothing there may concern the pods of others. */
export function kubeflowNamespaces(profiles: readonly string[]): ReadonlySet<string> {
  return new Set([KUBEFLOW, ...profiles]);
}
