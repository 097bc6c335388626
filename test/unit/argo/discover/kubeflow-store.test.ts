import { expect } from 'chai';

import { findKubeflowStore, noStore } from '../../../../argo/discover/kubeflow-store.js';
import { KubernetesError } from '../../../../argo/client/errors.js';
import { fakeApi, json } from '../fake-api.js';

/** What the API answers for each Service: its ports, or a status. */
type Services = Readonly<Record<string, readonly number[] | number>>;

async function find(services: Services) {
  const asked: string[] = [];
  const api = await fakeApi(({ url = '' }, response) => {
    asked.push(url);
    const found = services[url.slice(url.lastIndexOf('/') + 1)] ?? 404;
    if (typeof found === 'number')
      json(response, found, { kind: 'Status', code: found, message: 'no', reason: 'x' });
    else json(response, 200, { spec: { ports: found.map((port) => ({ port })) } });
  });
  try {
    return { found: await findKubeflowStore(api.client), asked };
  } finally {
    await api.close();
  }
}

describe('the object store of Kubeflow', () => {
  for (const [version, services, endpoint] of [
    ['2.14', { 'minio-service': [9000] }, 'minio-service.kubeflow.svc.cluster.local:9000'],
    [
      '2.15',
      { seaweedfs: [8111, 8333, 9333], 'minio-service': [9000] },
      'seaweedfs.kubeflow.svc.cluster.local:8333',
    ],
    ['2.16', { seaweedfs: [8111, 8333, 9000, 9333] }, 'seaweedfs.kubeflow.svc.cluster.local:9000'],
    [
      'seen by somebody who may see the old name alone',
      { seaweedfs: 403, 'minio-service': [9000] },
      'minio-service.kubeflow.svc.cluster.local:9000',
    ],
  ] as const)
    it(`of Kubeflow Pipelines ${version}`, async () => {
      const { found, asked } = await find(services);
      expect(found).to.have.property('endpoint', endpoint);
      expect(asked.sort()).to.deep.equal([
        '/api/v1/namespaces/kubeflow/services/minio-service',
        '/api/v1/namespaces/kubeflow/services/seaweedfs',
      ]);
    });

  it('is hidden from who may not see it', async () => {
    for (const services of [
      { seaweedfs: 403, 'minio-service': 403 },
      { seaweedfs: 403 },
      { 'minio-service': 403 },
    ] as const)
      expect((await find(services)).found).to.equal('hidden');
  });

  it('is absent where there is none, and where the Service has other ports', async () => {
    expect((await find({})).found).to.equal('absent');
    expect((await find({ seaweedfs: [8888], 'minio-service': [] })).found).to.equal('absent');
    const api = await fakeApi(() => undefined);
    const error = noStore(api.client);
    await api.close();
    expect(error.message)
      .to.include('neither seaweedfs nor minio-service')
      .and.to.include(api.client.address);
    expect(error.nextStep).to.include('minio.endpoint');
  });

  it('is not known where the API answers with an error', async () => {
    const error: unknown = await find({ seaweedfs: 401 }).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(KubernetesError);
  });
});
