import { expect } from 'chai';

import { requireController } from '../../../../argo/discover/require-controller.js';
import { ServiceError } from '../../../../schema/errors.js';
import { argoController } from '../../../fixtures/argo-controller.js';
import { fakeApi, json } from '../fake-api.js';

/** What the API answers: items, or a status. */
type Answer = readonly object[] | number;

async function refusal(deployments: Answer, pickedUp: Answer = []): Promise<ServiceError | undefined> {
  const api = await fakeApi(({ url = '' }, response) => {
    const found = url.startsWith('/apis/apps/v1/deployments') ? deployments : pickedUp;
    if (typeof found === 'number') json(response, found, { kind: 'Status', code: found, message: 'no' });
    else json(response, 200, { items: found.length === 0 ? null : found });
  });
  try {
    await requireController(api.client, 'kfops');
    return undefined;
  } catch (error) {
    expect(error).to.be.instanceOf(ServiceError);
    return error as ServiceError;
  } finally {
    await api.close();
  }
}

describe('argo/require-controller', () => {
  it('refuses a namespace that no controller watches, and names one that is watched', async () => {
    const error = await refusal([argoController(['--namespaced'])]);
    expect(error?.message).to.equal(
      'Argo’s controller at Deployment workflow-controller in kubeflow: watches only the namespace kubeflow, so no workflow in kfops ever starts',
    );
    expect(error?.nextStep).to.include('`namespace: kubeflow`').and.include('`--namespace kubeflow`');
    const managed = await refusal([argoController(['--namespaced', '--managed-namespace', 'team'])]);
    expect(managed?.nextStep).to.include('`namespace: team`');
  });

  const elsewhere = argoController(['--namespaced']);
  for (const [what, deployments, pickedUp] of [
    ['there is a controller for all namespaces', [elsewhere, argoController([])], []],
    ['one manages this namespace', [argoController(['--namespaced', '--managed-namespace=kfops'])], []],
    ['no controller can be recognised', [{ metadata: { name: 'other' } }], []],
    ['Deployments cannot be listed', 403, []],
    ['the cluster is in trouble', 500, 500],
    ['Argo has picked up a workflow of the namespace', [elsewhere], [{ metadata: { name: 'a' } }]],
  ] as const)
    it(`refuses nothing where ${what}`, async () => {
      expect(await refusal(deployments, pickedUp)).to.equal(undefined);
    });

  it('refuses without permission to see workflows', async () => {
    expect(await refusal([elsewhere], 403)).to.be.instanceOf(ServiceError);
  });

  it('ends when nobody waits any longer', async () => {
    const api = await fakeApi(() => undefined);
    const stop = new AbortController();
    const waiting = requireController(api.client, 'kfops', stop.signal);
    stop.abort(new Error('the server ends'));
    await waiting;
    await api.close();
  });
});
