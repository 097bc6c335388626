import { expect } from 'chai';

import { KubernetesError } from '../../../../argo/client/errors.js';
import { usedObjects } from '../../../../argo/workflows/used-objects.js';
import { createWorkflow } from '../../../../generator/workflow/create.js';
import { anImage, aPlan, WORKFLOW_SETTINGS } from '../../../support/plan.js';
import { fakeApi, json } from '../fake-api.js';

const PATH = '/apis/argoproj.io/v1alpha1/namespaces';
const KEYS = ['1'.repeat(64), '2'.repeat(64), '3'.repeat(64)] as const;

function workflow(uid: string, key: string) {
  const image = anImage('trainer');
  const made = createWorkflow(aPlan({ images: [image] }), WORKFLOW_SETTINGS);
  const text = JSON.stringify(made).replaceAll(/[0-9a-f]{64}/g, key);
  expect(text).to.include(key);
  return { ...(JSON.parse(text) as object), metadata: { name: uid, uid } };
}

describe('usedObjects', () => {
  it('finds the workflows and contexts of all namespaces and pages, without a selector', async () => {
    const api = await fakeApi((request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '', 'http://api');
      expect(searchParams.has('labelSelector')).to.equal(false);
      const second = searchParams.get('continue') === 'next';
      if (pathname === `${PATH}/b/workflows`) json(response, 200, { metadata: {}, items: null });
      else if (second) json(response, 200, { metadata: { continue: '' }, items: [workflow('u2', KEYS[1])] });
      else json(response, 200, { metadata: { continue: 'next' }, items: [workflow('u1', KEYS[0])] });
    });
    const used = await usedObjects(api.client, ['a', 'b']);
    await api.close();
    expect([...used.workflows]).to.deep.equal(['u1', 'u2']);
    expect([...used.contexts])
      .to.include.members([KEYS[0], KEYS[1]])
      .and.not.include(KEYS[2]);
    expect(api.requests).to.have.length(3);
  });

  it('finds the contexts of a workflow that refers to a template', async () => {
    const { spec } = workflow('u1', KEYS[0]) as unknown as { spec: unknown };
    const item = {
      metadata: { name: 'w', uid: 'u' },
      spec: { workflowTemplateRef: { name: 't' } },
      status: { storedWorkflowTemplateSpec: spec },
    };
    const api = await fakeApi((_, response) => {
      json(response, 200, { metadata: {}, items: [item] });
    });
    const used = await usedObjects(api.client, ['a']);
    await api.close();
    expect([...used.contexts]).to.include(KEYS[0]);
  });

  it('fails if one namespace cannot be read', async () => {
    const api = await fakeApi((request, response) => {
      if (request.url?.startsWith(`${PATH}/a/`)) json(response, 200, { metadata: {}, items: [] });
      else json(response, 403, { message: 'forbidden' });
    });
    const error = await usedObjects(api.client, ['a', 'b']).then(
      () => expect.fail('listed'),
      (thrown: unknown) => thrown,
    );
    await api.close();
    expect(error).to.be.instanceOf(KubernetesError);
  });
});
