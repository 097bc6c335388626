import { expect } from 'chai';

import { objectPath } from '../../../../argo/objects/apply.js';
import { githubSecret } from '../../../../cli/bootstrap/secrets.js';
import { storeGitHub } from '../../../../cli/bootstrap/store-github.js';
import type { Session } from '../../../../cli/session.js';
import { ServiceError } from '../../../../schema/index.js';
import { styleOf } from '../../../../templates/style.js';
import { type ObjectsStandIn, startObjects } from '../../../fixtures/kubernetes-objects.js';
import { fakeIo } from '../fake-io.js';

const SECRET = githubSecret('chat', {
  kind: 'app',
  id: 7,
  privateKey: 'canary-key',
  webhookSecret: 'canary-webhook',
});

describe('the credentials for GitHub of kfops bootstrap', () => {
  const session: Session = { io: fakeIo(), argv: [], style: styleOf(false), exitCode: 0 };
  let api: ObjectsStandIn;
  beforeEach(async () => {
    api = await startObjects();
  });
  afterEach(() => api.close());
  const store = (): Promise<unknown> =>
    storeGitHub(session, api.client, SECRET).catch((error: unknown) => error);

  it('are stored in a Secret', async () => {
    expect(await store()).to.equal(undefined);
    expect(api.objects.get(objectPath(SECRET))).to.have.nested.property('data.private-key\\.pem');
    expect(await store()).to.equal(undefined);
  });

  it('stop the installation where the Secret is kept, without the keys in the error', async () => {
    const theirs = { ...SECRET, data: { 'private-key.pem': 'b2xk' } };
    api.objects.set(objectPath(SECRET), theirs);
    const error = await store();
    expect(error).to.be.instanceOf(ServiceError);
    const { problem, nextStep } = error as ServiceError;
    expect(problem).to.include('the Secret kfops-github in chat was kept').and.not.to.include('canary');
    expect(nextStep).to.include('kubectl delete secret -n chat kfops-github');
    expect(api.objects.get(objectPath(SECRET))).to.equal(theirs);
  });

  it('stop it, too, where somebody has changed the Secret since', async () => {
    await store();
    api.conflicts.set(objectPath(SECRET), 'kubectl-edit');
    expect(await store()).to.be.instanceOf(ServiceError);
  });
});
