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
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
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
export async function findControllers(client: ClusterClient): Promise<readonly ArgoController[] | undefined> {
  try {
    const { items = [] } = await client.call<{ items?: readonly Deployment[] | null }>({
      what: 'looking for Argo’s controller',
      path: apiPath('apis', 'apps', 'v1', 'deployments'),
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
    const words = [...(container.command ?? []), ...(container.args ?? [])];
    const watches = isOn(words, '--namespaced')
      ? (valueOf(words, '--managed-namespace') ?? namespace)
      : undefined;
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

/** As the flags of Go's pflag are written: https://argo-workflows.readthedocs.io/en/latest/managed-namespace/ */
function isOn(words: readonly string[], flag: string): boolean {
  return words.includes(flag) || words.includes(`${flag}=true`);
}

function valueOf(words: readonly string[], flag: string): string | undefined {
  const at = words.indexOf(flag);
  const joined = words.find((word) => word.startsWith(`${flag}=`))?.slice(flag.length + 1);
  const value = at < 0 ? joined : words[at + 1];
  return value === '' ? undefined : value;
}

/** Those of the controllers that pick up the workflows of a namespace. */
export function controllersFor(
  controllers: readonly ArgoController[],
  namespace: string,
): readonly ArgoController[] {
  return controllers.filter(({ watches }) => watches === undefined || watches === namespace);
}
