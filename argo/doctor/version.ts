import { apiPath, type ClusterClient } from '../client/client.js';
import { KubernetesError } from '../client/errors.js';
import { type ArgoController, controllersFor } from '../discover/argo-controller.js';
import type { Check } from './doctor.js';

/** Pods, as far as their images are read. */
interface PodList {
  readonly items?:
    readonly { readonly spec?: { readonly containers?: readonly { readonly image?: string }[] } }[] | null;
}

/** Argo's image in each pod, by the end of its name; registries in front of it differ. */
const EXECUTOR = /(?:^|\/)argoexec:v?(\d+\.\d+\.\d[\w.-]*)$/;

/** The versions that are supported, as [major, minor], both ends included. */
const OLDEST = [3, 6] as const;
const LATEST = [4, 1] as const;

/**
 * Argo's version: that of the controller where its Deployment can be read, else that of the executor of a recent
 * step of this namespace.
 */
export async function checkArgoVersion(
  client: ClusterClient,
  namespace: string,
  controllers: readonly ArgoController[] | undefined,
): Promise<Check> {
  const name = 'Argo’s version';
  const version =
    controllersFor(controllers ?? [], namespace).find((each) => each.version)?.version ??
    (await executorVersion(client, namespace));
  if (version === undefined) {
    return {
      name,
      state: 'unknown',
      found: 'neither its controller nor a recent step can be seen',
      nextStep: 'compare by hand: 3.6 to 4.1 are supported',
    };
  }
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (before([major, minor], OLDEST)) {
    return {
      name,
      state: 'problem',
      found: `${version}, older than is supported`,
      nextStep: 'update Argo Workflows to 3.6 or later',
    };
  }
  if (before(LATEST, [major, minor])) {
    return {
      name,
      state: 'unknown',
      found: `${version}, later than any that was tried`,
      nextStep: 'it may work; 3.6 to 4.1 are supported',
    };
  }
  return { name, state: 'ok', found: version };
}

function before([a, b]: readonly [number, number], [major, minor]: readonly [number, number]): boolean {
  return a < major || (a === major && b < minor);
}

async function executorVersion(client: ClusterClient, namespace: string): Promise<string | undefined> {
  try {
    const { items } = await client.call<PodList>({
      what: 'looking for Argo’s images',
      path: apiPath('api', 'v1', 'namespaces', namespace, 'pods'),
      query: { labelSelector: 'workflows.argoproj.io/workflow', limit: 200 },
    });
    return (items ?? [])
      .flatMap(({ spec }) => spec?.containers ?? [])
      .map(({ image = '' }) => EXECUTOR.exec(image)?.[1])
      .find((found) => found !== undefined);
  } catch (error) {
    // Most people have no permission in Argo's namespace.
    if (error instanceof KubernetesError) return undefined;
    throw error;
  }
}
