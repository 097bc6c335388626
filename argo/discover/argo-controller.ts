import { apiPath, type ClusterClient } from '../client/client.js';
import { KubernetesError } from '../client/errors.js';

/** A Deployment of Argo's workflow-controller. */
export interface ArgoController {
  readonly name: string;
  readonly namespace: string;
  readonly isReady: boolean;
  /** `3.7.18`; absent where its image has no such tag. */
  readonly version?: string;
  /** The only namespace whose workflows it picks up; absent: all. */
  readonly watches?: string;
  /** `DEFAULT_REQUEUE_TIME` of its environment. */
  readonly requeueTime?: string;
}

interface Container {
  readonly image?: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly EnvironmentVariable[];
}

interface EnvironmentVariable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly fieldRef?: { readonly fieldPath?: string } };
}

interface Deployment {
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec?: { readonly template?: { readonly spec?: { readonly containers?: readonly Container[] } } };
  readonly status?: { readonly readyReplicas?: number };
}

/** By the end of the image's name; registries in front of it differ. */
const IMAGE = /(?:^|\/)workflow-controller(?::v?(\d+\.\d+\.\d[\w.-]*))?(?:[:@]|$)/;

/**
 * Finds Argo's controllers by their images, those that are ready first.
 *
 * @returns undefined without permission to list Deployments, or where the cluster does not answer
 */
export async function findControllers(
  client: ClusterClient,
  signal?: AbortSignal,
): Promise<readonly ArgoController[] | undefined> {
  try {
    const { items = [] } = await client.call<{ items?: readonly Deployment[] | null }>({
      what: 'looking for Argo’s controller',
      path: apiPath('apis', 'apps', 'v1', 'deployments'),
      // From the API server's cache: a large cluster has many of them.
      query: { resourceVersion: '0' },
      signal,
    });
    return (items ?? []).flatMap(controllerOf).sort((a, b) => Number(b.isReady) - Number(a.isReady));
  } catch (error) {
    if (error instanceof KubernetesError) return undefined;
    throw error;
  }
}

function controllerOf({ metadata, spec, status }: Deployment): ArgoController[] {
  const { name, namespace = '' } = metadata;
  for (const container of spec?.template?.spec?.containers ?? []) {
    const match = IMAGE.exec(container.image ?? '');
    if (!match) continue;
    const valueOf = flagsOf(container, namespace);
    const isNamespaced = TRUE.test(valueOf('namespaced') ?? '');
    const watches = isNamespaced ? (valueOf('managed-namespace') ?? namespace) : undefined;
    const requeueTime = container.env?.find((each) => each.name === 'DEFAULT_REQUEUE_TIME')?.value;
    return [
      {
        name,
        namespace,
        isReady: (status?.readyReplicas ?? 0) > 0,
        ...(match[1] !== undefined && { version: match[1] }),
        ...(watches !== undefined && { watches }),
        ...(requeueTime !== undefined && { requeueTime }),
      },
    ];
  }
  return [];
}

/** What Go's strconv.ParseBool takes for true. */
const TRUE = /^(?:[1tT]|TRUE|true|True)$/;

/**
 * The flags of a container, written as Go's pflag reads them, with the variables that Kubernetes puts in. A flag that is
 * absent has the value of its environment variable: `ARGO_MANAGED_NAMESPACE`. Source: cmd/workflow-controller/main.go
 * of argo-workflows.
 *
 * @returns the value of a flag; `true` for one without a value; undefined where it is absent or empty
 */
function flagsOf(
  { command = [], args = [], env = [] }: Container,
  namespace: string,
): (flag: string) => string | undefined {
  const variable = (name: string): string | undefined => {
    const found = env.find((each) => each.name === name);
    return found?.valueFrom?.fieldRef?.fieldPath === 'metadata.namespace' ? namespace : found?.value;
  };
  const words = [...command, ...args].map((word) =>
    word.replace(/\$\(([A-Za-z_][A-Za-z0-9_]*)\)/g, (whole, name: string) => variable(name) ?? whole),
  );
  return (flag) => {
    const joined = words.find((word) => word.startsWith(`--${flag}=`))?.slice(flag.length + 3);
    const at = words.indexOf(`--${flag}`);
    const next = words[at + 1];
    const separate = at < 0 ? undefined : next === undefined || next.startsWith('-') ? 'true' : next;
    const value = joined ?? separate ?? variable(`ARGO_${flag.toUpperCase().replaceAll('-', '_')}`);
    return value === '' ? undefined : value;
  };
}

/** Those of the controllers that pick up the workflows of a namespace. */
export function controllersFor(
  controllers: readonly ArgoController[],
  namespace: string,
): readonly ArgoController[] {
  return controllers.filter(({ watches }) => watches === undefined || watches === namespace);
}
