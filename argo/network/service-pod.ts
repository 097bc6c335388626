import { ServiceError } from '../../schema/errors.js';
import { apiPath, type ClusterClient } from '../client/client.js';
import { KubernetesError } from '../client/errors.js';
import { persist } from '../client/patience.js';
import type { ServiceName } from './service-name.js';

/** Where a Service leads: one of its pods that is ready, and the port on which it listens. */
export interface ServicePod {
  readonly pod: string;
  readonly port: number;
}

/** The part of a Service that is read. */
interface Service {
  readonly spec?: {
    readonly selector?: Readonly<Record<string, string>>;
    readonly ports?: readonly { readonly port: number; readonly targetPort?: number | string }[];
  };
}

/** The part of a Pod that is read. */
interface Pod {
  readonly metadata: { readonly name: string; readonly deletionTimestamp?: string };
  readonly spec?: {
    readonly containers?: readonly {
      readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[];
    }[];
  };
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

/**
 * Finds a pod behind a Service, as `kubectl port-forward service/…` does: by the Service's selector.
 *
 * @throws ServiceError that names the Service: it has no such port, no selector, or no pod that is ready
 * @throws KubernetesError when the cluster does not answer or refuses
 */
export async function findServicePod(
  client: ClusterClient,
  name: ServiceName,
  signal?: AbortSignal,
): Promise<ServicePod> {
  const { service, namespace, port } = name;
  const what = `${service} in ${namespace}`;
  const { spec } = await explained(client, name, () =>
    client.call<Service>({
      what: `reading the Service ${what}`,
      path: apiPath('api', 'v1', 'namespaces', namespace, 'services', service),
      signal,
    }),
  );
  const servicePort = spec?.ports?.find((each) => each.port === port);
  if (servicePort === undefined) {
    const there = (spec?.ports ?? []).map((each) => each.port).join(', ');
    throw unreachable(
      client,
      `the Service ${what} has no port ${port}`,
      `set minio.endpoint in the settings to one of its ports (${there || 'it has none'})`,
    );
  }
  const selector = Object.entries(spec?.selector ?? {});
  if (selector.length === 0) {
    throw unreachable(
      client,
      `the Service ${what} selects no pods, so no port can be forwarded to it`,
      'set KFOPS_MINIO_ENDPOINT to an address at which this machine reaches it',
    );
  }
  const { items: pods = [] } = await explained(client, name, () =>
    client.call<{ readonly items?: readonly Pod[] }>({
      what: `listing the pods behind the Service ${what}`,
      path: apiPath('api', 'v1', 'namespaces', namespace, 'pods'),
      query: { labelSelector: selector.map(([key, value]) => `${key}=${value}`).join(',') },
      signal,
    }),
  );
  const pod = pods.find(isReady);
  if (pod === undefined) {
    throw unreachable(
      client,
      `none of the ${pods.length} pods behind the Service ${what} is ready`,
      `see what they wait for: kubectl -n ${namespace} get pods -l ${selector.map(([key, value]) => `${key}=${value}`).join(',')}`,
    );
  }
  return { pod: pod.metadata.name, port: targetPort(pod, servicePort.targetPort ?? port, port) };
}

function isReady({ metadata, status }: Pod): boolean {
  if (metadata.deletionTimestamp !== undefined) return false;
  return (status?.conditions ?? []).some(({ type, status }) => type === 'Ready' && status === 'True');
}

/** A port may be named after a container's. */
function targetPort(pod: Pod, target: number | string, fallback: number): number {
  if (typeof target === 'number') return target;
  const ports = (pod.spec?.containers ?? []).flatMap((container) => container.ports ?? []);
  return ports.find(({ name }) => name === target)?.containerPort ?? fallback;
}

function unreachable(client: ClusterClient, problem: string, nextStep: string): ServiceError {
  return new ServiceError('Kubernetes API', client.address, problem, nextStep);
}

/** Rights and mistakes are other ones than with workflows, and there is a way without. */
async function explained<T>(
  { patience }: ClusterClient,
  { namespace }: ServiceName,
  call: () => Promise<T>,
): Promise<T> {
  try {
    return await persist(call, patience);
  } catch (error) {
    if (!(error instanceof KubernetesError) || (error.status !== 403 && error.status !== 404)) throw error;
    const nextStep =
      error.status === 404
        ? 'check minio.endpoint of the settings (docs/minio.md); KFOPS_MINIO_ENDPOINT names another address for this machine'
        : `set KFOPS_MINIO_ENDPOINT to an address at which this machine reaches the object store, or ask for the Role kfops-reach-minio in ${namespace} (deploy/laptop/reach-minio.yaml)`;
    throw new KubernetesError(error.address, error.problem, nextStep, error.status, error.reason, {
      cause: error,
    });
  }
}
