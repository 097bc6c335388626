import { apiPath, type ClusterClient } from '../client/client.js';
import { KubernetesError } from '../client/errors.js';
import { persist } from '../client/patience.js';

/** An object of Kubernetes, with what identifies it. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/** `kept`: it is there and somebody else's, so nothing was changed. */
export type Applied = 'created' | 'changed' | 'unchanged' | 'kept';

/** By whom it was made: an object with another value, or none, is left as it is. */
export const MANAGED_BY = 'app.kubernetes.io/managed-by';
/** Name of the field manager, and value of {@link MANAGED_BY}. */
export const OWNER = 'kfops-bootstrap';

const PLURALS: Readonly<Record<string, string>> = {
  ConfigMap: 'configmaps',
  CronWorkflow: 'cronworkflows',
  Deployment: 'deployments',
  HTTPRoute: 'httproutes',
  Ingress: 'ingresses',
  Lease: 'leases',
  Namespace: 'namespaces',
  NetworkPolicy: 'networkpolicies',
  Pod: 'pods',
  PodDisruptionBudget: 'poddisruptionbudgets',
  Role: 'roles',
  RoleBinding: 'rolebindings',
  Secret: 'secrets',
  Service: 'services',
  ServiceAccount: 'serviceaccounts',
};

/** Where an object is in the API. */
export function objectPath({ apiVersion, kind, metadata }: KubernetesObject): string {
  const plural = PLURALS[kind];
  if (plural === undefined) throw new Error(`no path is known for the kind ${kind}`);
  const root = apiVersion.includes('/') ? ['apis', ...apiVersion.split('/')] : ['api', apiVersion];
  const within = metadata.namespace === undefined ? [] : ['namespaces', metadata.namespace];
  return apiPath(...root, ...within, plural, metadata.name);
}

/** The object as it is in the cluster, or undefined. */
export async function readObject(
  client: ClusterClient,
  object: KubernetesObject,
): Promise<KubernetesObject | undefined> {
  try {
    return await persist(
      () => client.call<KubernetesObject>({ what: `reading ${named(object)}`, path: objectPath(object) }),
      client.patience,
    );
  } catch (error) {
    if (error instanceof KubernetesError && error.status === 404) return undefined;
    throw error;
  }
}

/**
 * Creates an object, or changes what an earlier call made of it; leaves what somebody else made. By server-side apply,
 * without force: fields that others have changed since stay theirs, and are a conflict.
 *
 * @param dryRun - changes nothing and reports what would happen; `changed` then means that it could change
 * @throws KubernetesError when the cluster refuses, with status 409 for a conflict
 */
export async function applyObject(
  client: ClusterClient,
  object: KubernetesObject,
  { dryRun = false }: { readonly dryRun?: boolean } = {},
): Promise<Applied> {
  const before = await readObject(client, object);
  if (before && before.metadata.labels?.[MANAGED_BY] !== OWNER) return 'kept';
  if (dryRun && !before) return 'created';
  const labels = { ...object.metadata.labels, [MANAGED_BY]: OWNER };
  const after = await persist(
    () =>
      client.call<KubernetesObject>({
        what: `applying ${named(object)}`,
        method: 'PATCH',
        path: objectPath(object),
        query: { fieldManager: OWNER, dryRun: dryRun ? 'All' : undefined },
        contentType: 'application/apply-patch+yaml',
        body: { ...object, metadata: { ...object.metadata, labels } },
      }),
    client.patience,
  );
  if (!before) return 'created';
  return isSame(before, after) ? 'unchanged' : 'changed';
}

/** Kubernetes keeps the version of an object that an apply does not change; a dry run has no new one. */
function isSame(before: KubernetesObject, after: KubernetesObject): boolean {
  return JSON.stringify(withoutTimes(before)) === JSON.stringify(withoutTimes(after));
}

function withoutTimes(object: KubernetesObject): object {
  const metadata: Record<string, unknown> = { ...object.metadata };
  delete metadata.managedFields;
  delete metadata.resourceVersion;
  delete metadata.generation;
  return { ...object, metadata, status: undefined };
}

/** `the Role kfops-server in kfops` */
export function named({ kind, metadata: { name, namespace } }: KubernetesObject): string {
  return `the ${kind} ${name}${namespace === undefined ? '' : ` in ${namespace}`}`;
}
