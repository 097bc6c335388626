import { apiPath, type ClusterClient } from './client.js';
import { KubernetesError } from './errors.js';

/** One line of a diagnosis. `unknown`: it cannot be told from here, which need not be bad. */
export interface Check {
  readonly name: string;
  readonly state: 'ok' | 'problem' | 'unknown';
  /** What was found, in a few words. */
  readonly found: string;
  /** What to do, where it is not ok. */
  readonly nextStep?: string;
}

/** Something that one may do in a namespace. */
export interface Right {
  readonly verb: string;
  /** `pods/log`; `workflows.argoproj.io` for those of Argo. */
  readonly resource: string;
  readonly namespace: string;
  /** Of one object alone. */
  readonly name?: string;
}

/** An object that must be there. */
export interface NeededObject {
  readonly kind: 'Namespace' | 'ServiceAccount' | 'Secret' | 'ConfigMap' | 'PersistentVolumeClaim';
  readonly name: string;
}

/** What `kfops build` and its like do in the namespace of the workflows: the Role kfops-submitter. */
export function submitterRights(namespace: string): readonly Right[] {
  const workflows = ['create', 'get', 'list', 'watch', 'patch'].map((verb) => ({
    verb,
    resource: 'workflows.argoproj.io',
    namespace,
  }));
  return [
    ...workflows,
    { verb: 'list', resource: 'pods', namespace },
    { verb: 'get', resource: 'pods/log', namespace },
  ];
}

/** What reaching a Service from a laptop takes: the Role kfops-reach-minio. */
export function forwardRights(namespace: string, service: string): readonly Right[] {
  return [
    { verb: 'get', resource: 'services', namespace, name: service },
    { verb: 'list', resource: 'pods', namespace },
    { verb: 'get', resource: 'pods/portforward', namespace },
  ];
}

/** Whether the API server answers, and its version. */
export async function checkApi(client: ClusterClient): Promise<Check> {
  const name = 'Kubernetes API';
  try {
    const { gitVersion } = await client.call<{ gitVersion?: string }>({
      what: 'asking for the version',
      path: '/version',
    });
    return { name, state: 'ok', found: `${gitVersion ?? 'some version'} at ${client.address}` };
  } catch (error) {
    return failed(name, error);
  }
}

/** Whether Argo's kinds are known to the cluster. */
export async function checkArgo(client: ClusterClient): Promise<Check> {
  const name = 'Argo Workflows';
  const install =
    'install Argo Workflows 3.6 to 4.1: https://argo-workflows.readthedocs.io/en/latest/installation/';
  try {
    const { resources = [] } = await client.call<{ resources?: readonly { name: string }[] }>({
      what: 'asking for the kinds of argoproj.io',
      path: apiPath('apis', 'argoproj.io', 'v1alpha1'),
    });
    if (resources.some((resource) => resource.name === 'workflows'))
      return { name, state: 'ok', found: 'its CRDs are there' };
    return {
      name,
      state: 'problem',
      found: 'the cluster does not know the kind Workflow',
      nextStep: install,
    };
  } catch (error) {
    if (!(error instanceof KubernetesError) || error.status !== 404) return failed(name, error);
    return {
      name,
      state: 'problem',
      found: 'the cluster does not know the kind Workflow',
      nextStep: install,
    };
  }
}

/** Which of these rights one has: one line for all of those that are there, one for each that is not. */
export async function checkRights(
  client: ClusterClient,
  rights: readonly Right[],
  nextStep: string,
): Promise<readonly Check[]> {
  const checks = await Promise.all(rights.map((right) => checkRight(client, right, nextStep)));
  const missing = checks.filter(({ state }) => state !== 'ok');
  const namespaces = [...new Set(rights.map(({ namespace }) => namespace))].join(', ');
  if (missing.length > 0) return missing;
  return [{ name: `Rights in ${namespaces}`, state: 'ok', found: `all ${rights.length} that are needed` }];
}

async function checkRight(client: ClusterClient, right: Right, nextStep: string): Promise<Check> {
  const { verb, namespace } = right;
  const object = right.name === undefined ? '' : ` ${right.name}`;
  const name = `Right to ${verb} ${right.resource}${object} in ${namespace}`;
  const [path = '', ...groups] = right.resource.split('.');
  const [resource, subresource] = path.split('/');
  try {
    const { status } = await client.call<{ status?: { allowed?: boolean } }>({
      what: 'asking for a right',
      method: 'POST',
      path: apiPath('apis', 'authorization.k8s.io', 'v1', 'selfsubjectaccessreviews'),
      body: {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        spec: {
          resourceAttributes: {
            namespace,
            verb,
            group: groups.join('.'),
            resource,
            ...(subresource !== undefined && { subresource }),
            ...(right.name !== undefined && { name: right.name }),
          },
        },
      },
    });
    return status?.allowed
      ? { name, state: 'ok', found: 'granted' }
      : { name, state: 'problem', found: 'not granted', nextStep };
  } catch (error) {
    return failed(name, error);
  }
}

const COLLECTIONS = {
  Namespace: 'namespaces',
  ServiceAccount: 'serviceaccounts',
  Secret: 'secrets',
  ConfigMap: 'configmaps',
  PersistentVolumeClaim: 'persistentvolumeclaims',
} as const;

/** Whether an object is there. Only its metadata is read, never what a Secret holds. */
export async function checkObject(
  client: ClusterClient,
  namespace: string,
  { kind, name }: NeededObject,
  nextStep: string,
): Promise<Check> {
  const what = `${kind} ${name}`;
  const path =
    kind === 'Namespace'
      ? apiPath('api', 'v1', 'namespaces', name)
      : apiPath('api', 'v1', 'namespaces', namespace, COLLECTIONS[kind], name);
  try {
    await client.call({
      what: `looking for the ${what}`,
      path,
      accept: 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io,application/json',
    });
    return { name: what, state: 'ok', found: kind === 'Namespace' ? 'there' : `in ${namespace}` };
  } catch (error) {
    if (!(error instanceof KubernetesError)) throw error;
    if (error.status === 404) return { name: what, state: 'problem', found: `not in ${namespace}`, nextStep };
    if (error.status !== 403) return failed(what, error);
    return {
      name: what,
      state: 'unknown',
      found: 'you may not look, which is no fault',
      nextStep: `whoever runs the cluster can: kubectl get ${kind.toLowerCase()} ${name}${kind === 'Namespace' ? '' : ` -n ${namespace}`}`,
    };
  }
}

function failed(name: string, error: unknown): Check {
  if (!(error instanceof KubernetesError)) throw error;
  return { name, state: 'problem', found: error.problem, nextStep: error.nextStep };
}
