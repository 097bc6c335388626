import type { Need } from '../argo/doctor/network.js';
import type { DiagnosisTarget } from './diagnosis-target.js';

/** What the steps of a workflow reach in addition to DNS and the Kubernetes API. */
export function networkNeeds({ endpoint, loaded, settings }: DiagnosisTarget): readonly Need[] {
  const store = endpoint === undefined ? undefined : hostAndPort(endpoint, 9000);
  const repositories = loaded ? loaded.plan.images.map(({ repository }) => repository) : settings.registries;
  const registries = new Set(repositories.map((repository) => registryHost(repository.split('/')[0] ?? '')));
  const { kfp } = settings;
  return [
    ...(store === undefined
      ? []
      : [{ what: 'the object store', steps: ['build', 'compile', 'publish'], address: store }]),
    ...[...registries].map((host) => ({
      what: `the registry ${host}`,
      steps: ['build', 'tag'],
      address: hostAndPort(host, 443),
    })),
    ...(kfp
      ? [{ what: 'Kubeflow Pipelines', steps: ['publish', 'run'], address: addressOf(kfp.endpoint) }]
      : []),
  ];
}

/** As Kaniko names Docker Hub. */
function registryHost(host: string): string {
  return host === 'docker.io' ? 'index.docker.io' : host;
}

/** @param address - `host`, `host:port` or a URL */
function hostAndPort(address: string, port: number): string {
  if (/^https?:\/\//i.test(address)) return addressOf(address);
  return /:\d+$/.test(address) ? address : `${address}:${port}`;
}

function addressOf(url: string): string {
  const { hostname, port, protocol } = new URL(url);
  return `${hostname}:${port || (protocol === 'https:' ? 443 : 80)}`;
}
