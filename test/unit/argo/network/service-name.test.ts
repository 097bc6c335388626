import { expect } from 'chai';
import fc from 'fast-check';

import { parseServiceName } from '../../../../argo/network/service-name.js';

describe('argo/service-name', () => {
  const minio = { service: 'minio-service', namespace: 'kubeflow', port: 9000 };
  for (const [text, expected] of [
    ['minio-service.kubeflow.svc.cluster.local:9000', { ...minio, certain: true }],
    ['minio-service.kubeflow.svc:9000', { ...minio, certain: true }],
    ['minio-service.kubeflow.svc.example.internal:9000', { ...minio, certain: true }],
    ['minio-service.kubeflow:9000', { ...minio, certain: false }],
    ['minio-service:9000', undefined],
    ['localhost:9000', undefined],
    ['10.96.0.20:9000', undefined],
    ['127.1:9000', undefined],
    ['[::1]:9000', undefined],
    ['s3.eu-west-1.amazonaws.com:443', undefined],
    ['a/b.kubeflow.svc:9000', undefined],
    ['-a.kubeflow.svc:9000', undefined],
    ['minio-service.kubeflow.svc', undefined],
  ] as const) {
    it(`${text} is ${expected ? 'a Service' : 'none'}`, () => {
      expect(parseServiceName(text)).to.deep.equal(expected);
    });
  }

  it('never gives a name that is more than one segment of a path', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        const name = parseServiceName(`${a}.${b}.svc:80`);
        if (name) expect(`${name.service}${name.namespace}`).to.match(/^[a-z0-9-]+$/);
      }),
    );
  });
});
