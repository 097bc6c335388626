import { apiPath, type ClusterClient } from '../../argo/client/client.js';
import { KubernetesError } from '../../argo/client/errors.js';
import { type KubernetesObject, MANAGED_BY, OWNER, readObject } from '../../argo/objects/apply.js';
import { ConfigError } from '../../schema/index.js';

/** The namespaces that are there and were not made by this command. */
export async function findForeign(
  client: ClusterClient,
  namespaces: readonly KubernetesObject[],
): Promise<ReadonlySet<string>> {
  const found = await Promise.all(
    namespaces.map(async (namespace) => {
      const there = await readObject(client, namespace);
      const isForeign = there !== undefined && there.metadata.labels?.[MANAGED_BY] !== OWNER;
      return isForeign ? [namespace.metadata.name] : [];
    }),
  );
  return new Set(found.flat());
}

/**
 * Whether the cluster has the ClusterRole with which Kubeflow lets accounts publish and run in a profile: installations
 * for several users have it.
 */
export async function hasPipelineRole(client: ClusterClient): Promise<boolean> {
  try {
    await client.call({
      what: 'looking for the ClusterRole kubeflow-pipelines-edit',
      path: apiPath('apis', 'rbac.authorization.k8s.io', 'v1', 'clusterroles', 'kubeflow-pipelines-edit'),
    });
    return true;
  } catch (error) {
    if (error instanceof KubernetesError && (error.status === 403 || error.status === 404)) return false;
    throw error;
  }
}

/**
 * @param profiles - Kubeflow namespaces of pipelines
 * @throws ConfigError that names those which the cluster does not have
 */
export async function requireProfiles(client: ClusterClient, profiles: readonly string[]): Promise<void> {
  const found = await Promise.all(
    profiles.map(async (name) => {
      try {
        const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
        return (await readObject(client, namespace)) ? [] : [name];
      } catch (error) {
        // No permission to look.
        if (error instanceof KubernetesError && error.status === 403) return [];
        throw error;
      }
    }),
  );
  const missing = found.flat();
  if (missing.length === 0) return;
  throw new ConfigError(
    missing.map((name) => ({
      code: 'WRONG_VALUE',
      severity: 'error',
      message: `the cluster has no namespace \`${name}\``,
      file: '--profile-namespace',
      hint: 'create the Kubeflow profile first, or name another namespace: `kubectl get profiles` lists them',
    })),
  );
}
