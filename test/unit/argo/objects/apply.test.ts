import { readdirSync, readFileSync } from 'node:fs';

import { expect } from 'chai';
import { parseAllDocuments } from 'yaml';

import { type KubernetesObject, objectPath } from '../../../../argo/objects/apply.js';

const DEPLOY = new URL('../../../../deploy/', import.meta.url);

describe('the path of an object in the Kubernetes API', () => {
  it('is known for all that deploy/ has', () => {
    const objects = ['build-namespace', 'server', 'kubeflow'].flatMap((folder) =>
      readdirSync(new URL(`${folder}/`, DEPLOY)).flatMap((name) =>
        parseAllDocuments(readFileSync(new URL(`${folder}/${name}`, DEPLOY), 'utf8'), { version: '1.1' }).map(
          (document) => document.toJS() as KubernetesObject,
        ),
      ),
    );
    const paths = objects.map(objectPath);
    expect(paths).to.include.members([
      '/api/v1/namespaces/kfops-system',
      '/apis/apps/v1/namespaces/kfops-system/deployments/kfops-server',
      '/apis/coordination.k8s.io/v1/namespaces/kfops-system/leases/kfops-server',
      '/apis/networking.k8s.io/v1/namespaces/kubeflow/networkpolicies/kfops-to-seaweedfs',
    ]);
  });
});
