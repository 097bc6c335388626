import { ServiceError } from '../../schema/errors.js';
import { isAllowed } from '../client/access.js';
import { apiPath, type ClusterClient } from '../client/client.js';
import { KubernetesError } from '../client/errors.js';
import { persist } from '../client/patience.js';

/** One line of a diagnosis. `unknown`: it cannot be seen from here, which is not necessarily bad. */
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
    const { gitVersion } = await persist(
      () => client.call<{ gitVersion?: string }>({ what: 'asking for the version', path: '/version' }),
      client.patience,
    );
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
  const [resource = '', subresource] = path.split('/');
  try {
    const allowed = await isAllowed(client, {
      namespace,
      verb,
      group: groups.join('.'),
      resource,
      ...(subresource !== undefined && { subresource }),
      ...(right.name !== undefined && { name: right.name }),
    });
    return allowed
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

/** An object, and what makes it. */
export interface ObjectToCheck {
  readonly object: NeededObject;
  readonly nextStep: string;
}

/** Whether these objects are there: a line for each that can be looked for, and one for all others together. */
export async function checkObjects(
  client: ClusterClient,
  namespace: string,
  objects: readonly ObjectToCheck[],
): Promise<readonly Check[]> {
  const found = await Promise.all(
    objects.map(async (each) => ({ ...each, check: await checkObject(client, namespace, each) })),
  );
  const hidden = found.filter(({ check }) => check === undefined).map(({ object }) => object);
  const checks = found.flatMap(({ check }) => check ?? []);
  if (hidden.length === 0) return checks;
  const named = hidden.map(({ kind, name }) => `${kind} ${name}`).join(', ');
  const commands = hidden.map(
    ({ kind, name }) => `kubectl get -n ${namespace} ${kind.toLowerCase()} ${name}`,
  );
  return [
    ...checks,
    {
      name: `Contents of ${namespace}`,
      state: 'unknown',
      found: `not checked: no permission to see ${named} (and none is needed)`,
      nextStep: ['your cluster admin can run:', ...commands].join('\n'),
    },
  ];
}

/**
 * Only metadata is read, never what a Secret holds.
 *
 * @returns undefined without permission to read it
 */
async function checkObject(
  client: ClusterClient,
  namespace: string,
  { object, nextStep }: ObjectToCheck,
): Promise<Check | undefined> {
  const { kind, name } = object;
  const what = `${kind} ${name}`;
  const within = kind === 'Namespace' ? [] : ['namespaces', namespace];
  try {
    await client.call({
      what: `looking for the ${what}`,
      path: apiPath('api', 'v1', ...within, COLLECTIONS[kind], name),
      accept: 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io,application/json',
    });
    return { name: what, state: 'ok', found: 'there' };
  } catch (error) {
    if (!(error instanceof KubernetesError) || (error.status !== 403 && error.status !== 404))
      return failed(what, error);
    return error.status === 403 ? undefined : { name: what, state: 'problem', found: 'not there', nextStep };
  }
}

function failed(name: string, error: unknown): Check {
  if (!(error instanceof ServiceError)) throw error;
  return { name, state: 'problem', found: error.problem, nextStep: error.nextStep };
}
