import type { ClusterClient } from '../../argo/client/client.js';
import { KubernetesError } from '../../argo/client/errors.js';
import { type KubernetesObject, MANAGED_BY, OWNER, readObject } from '../../argo/objects/apply.js';
import type { StoreKeys } from '../../argo/network/reach-store.js';
import { recordOf } from '../../common/json.js';
import { ConfigError, defaultSettings } from '../../schema/index.js';
import type { Choices } from './choices.js';
import { KUBEFLOW, kubeflowNamespaces } from './namespaces.js';

/** The Secret with the keys of the object store for the server, and for builds in a namespace of Kubeflow's. */
export const STORE_SECRET = 'kfops-minio';

/** The Secret from which builds get the keys of the object store. */
export interface StoreSecret {
  readonly name: string;
  /** Kubeflow makes it, with its own keys. */
  readonly isKubeflows: boolean;
}

/**
 * Kubeflow keeps a Secret of the usual name in its own namespace and in each profile, and restores its keys there. So
 * builds in these have another one, unless Kubeflow's is right as it is.
 */
export function storeSecret({ builds, profiles, storeKeys }: Choices): StoreSecret {
  const usual = defaultSettings().minio.secret.name;
  if (!kubeflowNamespaces(profiles).has(builds)) return { name: usual, isKubeflows: false };
  if (builds === KUBEFLOW && storeKeys === undefined) return { name: usual, isKubeflows: true };
  return { name: STORE_SECRET, isKubeflows: false };
}

/**
 * Requires that the keys of the flags reach the builds.
 *
 * @throws ConfigError when a Secret of somebody else, with other keys, has the name
 */
export async function requireOwnKeys(client: ClusterClient, choices: Choices): Promise<void> {
  const { builds, storeKeys } = choices;
  if (storeKeys === undefined) return;
  const { name } = storeSecret(choices);
  const there = await readSecret(client, name, builds);
  if (there === undefined || isOurs(there) || hasKeys(there, storeKeys)) return;
  throw new ConfigError([
    {
      code: 'WRONG_VALUE',
      severity: 'error',
      message: `builds would not get these keys: somebody else made the Secret \`${name}\` in ${builds}, with others`,
      file: '--store-access-key-file',
      hint: `give the builds a namespace of their own with --namespace; or, if ${builds} is a Kubeflow profile, name it with --profile-namespace, too; or delete the Secret if nothing else uses it`,
    },
  ]);
}

async function readSecret(
  client: ClusterClient,
  name: string,
  namespace: string,
): Promise<KubernetesObject | undefined> {
  try {
    return await readObject(client, { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace } });
  } catch (error) {
    // Without permission to read it, an installation fails at this Secret and says so.
    if (error instanceof KubernetesError && error.status === 403) return undefined;
    throw error;
  }
}

function isOurs({ metadata }: KubernetesObject): boolean {
  return metadata.labels?.[MANAGED_BY] === OWNER;
}

function hasKeys({ data }: KubernetesObject, { accessKey, secretKey }: StoreKeys): boolean {
  const { secret } = defaultSettings().minio;
  const values = recordOf(data);
  const is = (key: string, value: string): boolean => values[key] === Buffer.from(value).toString('base64');
  return is(secret.access_key, accessKey) && is(secret.secret_key, secretKey);
}
