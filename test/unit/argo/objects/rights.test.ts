import { expect } from 'chai';

import type { KubernetesObject } from '../../../../argo/objects/apply.js';
import { missingRights } from '../../../../argo/objects/rights.js';
import { fakeApi, json } from '../fake-api.js';

const ROLE: KubernetesObject = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'Role',
  metadata: { name: 'one', namespace: 'kfops' },
};
const NAMESPACE: KubernetesObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'kfops' } };

describe('the rights to apply objects', () => {
  it('are asked for once for each kind and namespace, and named where they are missing', async () => {
    const asked: object[] = [];
    const api = await fakeApi((_, response, body) => {
      const { spec } = JSON.parse(body) as { spec: { resourceAttributes: { verb: string } } };
      asked.push(spec.resourceAttributes);
      json(response, 201, { status: { allowed: spec.resourceAttributes.verb !== 'create' } });
    });
    try {
      const other = { ...ROLE, metadata: { name: 'two', namespace: 'kfops' } };
      expect(await missingRights(api.client, [ROLE, other, NAMESPACE])).to.deep.equal([
        'create roles.rbac.authorization.k8s.io in kfops',
        'create namespaces',
      ]);
    } finally {
      await api.close();
    }
    expect(asked).to.have.length(6);
    expect(asked).to.deep.include({
      verb: 'patch',
      group: 'rbac.authorization.k8s.io',
      resource: 'roles',
      namespace: 'kfops',
    });
    expect(asked).to.deep.include({ verb: 'get', group: '', resource: 'namespaces' });
  });
});
