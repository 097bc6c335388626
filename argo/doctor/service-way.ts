import { apiPath, type ClusterClient } from '../client/client.js';
import type { KnownLabels, PodEnd } from '../network-policy/types.js';
import type { Way } from './address-ways.js';
import { namespaceLabels } from './policies-of.js';
import { readable, readOrNothing } from './readable.js';

type Labels = Readonly<Record<string, string>>;

interface Service {
  readonly spec?: {
    readonly selector?: Labels;
    readonly ports?: readonly {
      readonly port: number;
      readonly protocol?: string;
      readonly targetPort?: number | string;
    }[];
  };
}

interface Pod {
  readonly metadata: { readonly labels?: Labels };
  readonly spec?: {
    readonly containers?: readonly {
      readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[];
    }[];
  };
}

/** What Services lead to where they cannot be seen, as Kubernetes and Kubeflow Pipelines 2.16 and later install them. */
const USUAL: Readonly<Record<string, { readonly labels: Labels; readonly port: number }>> = {
  'kube-system/kube-dns': { labels: { 'k8s-app': 'kube-dns' }, port: 53 },
  'kubeflow/seaweedfs': { labels: { app: 'seaweedfs' }, port: 8333 },
  'kubeflow/ml-pipeline': { labels: { app: 'ml-pipeline' }, port: 8888 },
};

/** The pods behind a port of a Service, as far as they can be seen. */
export async function serviceWay(
  client: ClusterClient,
  { service, namespace }: { readonly service: string; readonly namespace: string },
  protocol: 'TCP' | 'UDP',
  port: number,
): Promise<Way> {
  const labels = await namespaceLabels(client, namespace);
  const end = (of: KnownLabels): PodEnd => ({ kind: 'pod', namespace, namespaceLabels: labels, labels: of });
  const read = await readable<Service>(client, {
    what: `reading the Service ${service} in ${namespace}`,
    path: apiPath('api', 'v1', 'namespaces', namespace, 'services', service),
  });
  const spec = typeof read === 'object' ? read.spec : undefined;
  const found = spec?.ports?.find((each) => each.port === port && (each.protocol ?? 'TCP') === protocol);
  const selector = spec?.selector ?? {};
  if (found === undefined || Object.keys(selector).length === 0) {
    const usual = read === 'hidden' ? USUAL[`${namespace}/${service}`] : undefined;
    return {
      end: end({ labels: usual?.labels ?? {}, complete: false }),
      port: { protocol, ...(usual && { port: usual.port }) },
    };
  }
  const pods = await readOrNothing<{ items?: readonly Pod[] }>(client, {
    what: `listing the pods behind the Service ${service} in ${namespace}`,
    path: apiPath('api', 'v1', 'namespaces', namespace, 'pods'),
    query: {
      labelSelector: Object.entries(selector)
        .map(([key, value]) => `${key}=${value}`)
        .join(','),
      limit: 1,
    },
  });
  const [pod] = pods?.items ?? [];
  const named = (pod?.spec?.containers ?? []).flatMap(({ ports = [] }) => ports);
  const names = Object.fromEntries(
    named.flatMap(({ name, containerPort }) => (name === undefined ? [] : [[name, containerPort]])),
  ) as Readonly<Record<string, number>>;
  const target = found.targetPort ?? port;
  const number = typeof target === 'number' ? target : names[target];
  return {
    end: end(
      pod ? { labels: pod.metadata.labels ?? {}, complete: true } : { labels: selector, complete: false },
    ),
    port: { protocol, ...(number !== undefined && { port: number }), ...(pod && { names }) },
  };
}
