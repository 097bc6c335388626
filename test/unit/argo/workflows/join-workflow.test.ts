import { expect } from 'chai';

import { addComments, joinWorkflow } from '../../../../argo/workflows/join-workflow.js';
import type { Collection } from '../../../fixtures/kubernetes-store.js';
import { startKubernetes, type KubernetesStandIn } from '../../../fixtures/kubernetes.js';

const PATIENCE = { patience: { totalMs: 5_000, firstMs: 1, longestMs: 2 } };

let api: KubernetesStandIn;
let workflows: Collection;
beforeEach(async () => {
  api = await startKubernetes(2_000);
  workflows = api.collection('workflows', 'ns');
});
afterEach(() => api.close());

function make(name: string, spec: object = {}): void {
  workflows.create({ metadata: { name, annotations: { 'kfops.dev/comments': '[1]' } }, spec });
}

function comments(name: string): string | undefined {
  return workflows.objects.get(name)?.metadata.annotations?.['kfops.dev/comments'];
}

/** Somebody stops the workflow between the look at it and the next change. */
function stopBeforeChange(name: string): void {
  const over = api.onRequest(({ method }) => {
    if (method !== 'PATCH') return;
    over();
    workflows.replace({ ...workflows.objects.get(name)!, spec: { shutdown: 'Stop' } });
  });
}

describe('argo/join-workflow', () => {
  it('writes down further comments, each once', async () => {
    make('a');
    expect(await addComments(api.client, 'ns', 'a', [2])).to.deep.equal([1, 2]);
    expect(await addComments(api.client, 'ns', 'a', [2])).to.deep.equal([1, 2]);
    expect(await addComments(api.client, 'ns', 'a', [3, 1, 4])).to.deep.equal([1, 2, 3, 4]);
    expect(comments('a')).to.equal('[1,2,3,4]');
  });

  it('fault 3: two replicas write down a comment each at the same time, and none is lost', async () => {
    make('a');
    const ids = [2, 3, 4, 5];
    await Promise.all(ids.map((id) => addComments(api.client, 'ns', 'a', [id], PATIENCE)));
    expect(JSON.parse(comments('a') ?? '')).to.have.members([1, ...ids]);
  });

  it('fault 10: an answer that is lost after the change is harmless', async () => {
    make('a');
    api.fault({ when: ({ method }) => method === 'PATCH', after: true, answer: 'drop' });
    expect(await addComments(api.client, 'ns', 'a', [2], PATIENCE)).to.deep.equal([1, 2]);
    expect(comments('a')).to.equal('[1,2]');
  });

  it('says so where there is no such workflow, and gives up on a refusal', async () => {
    expect(await addComments(api.client, 'ns', 'gone', [2])).to.equal(undefined);
    make('a');
    api.fault({ answer: { status: 403, reason: 'Forbidden' } });
    const refused = await addComments(api.client, 'ns', 'a', [2]).catch((error: unknown) => error);
    expect(refused).to.include({ status: 403 });
  });

  describe('for comments that are content with what it does', () => {
    const join = (ids: readonly number[]) => joinWorkflow(api.client, 'ns', 'a', ids, PATIENCE);

    it('is the same for one that goes on', async () => {
      make('a');
      expect(await join([2])).to.deep.equal([1, 2]);
      expect(comments('a')).to.equal('[1,2]');
    });

    for (const shutdown of ['Stop', 'Terminate']) {
      it(`leaves one with ${shutdown} alone, but for those who are named on it`, async () => {
        make('a', { shutdown });
        expect(await join([2])).to.equal('stopping');
        expect(comments('a')).to.equal('[1]');
        expect(await join([1, 2])).to.deep.equal([1, 2]);
      });
    }

    it('sees a stop that comes between its look and its change', async () => {
      make('a');
      stopBeforeChange('a');
      expect(await join([2])).to.equal('stopping');
      expect(comments('a')).to.equal('[1]');
    });

    it('says so where there is no such workflow', async () => {
      expect(await join([2])).to.equal('gone');
    });
  });
});
