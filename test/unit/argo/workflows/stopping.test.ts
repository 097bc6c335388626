import { expect } from 'chai';

import { workflowsOf } from '../../../../argo/workflows/find-workflows.js';
import { tellToStop } from '../../../../argo/workflows/stop.js';
import { withStops } from '../../../../argo/workflows/stopping.js';
import type { Collection } from '../../../fixtures/kubernetes-store.js';
import { startKubernetes, type KubernetesStandIn } from '../../../fixtures/kubernetes.js';

let api: KubernetesStandIn;
let workflows: Collection;
beforeEach(async () => {
  api = await startKubernetes(2_000);
  workflows = api.collection('workflows', 'ns');
});
afterEach(() => api.close());

interface Made {
  readonly spec?: { readonly shutdown?: string };
  readonly phase?: string;
  readonly deleted?: boolean;
}

function make(name: string, { spec = {}, phase, deleted = false }: Made = {}): void {
  const metadata = {
    name,
    labels: {
      'app.kubernetes.io/managed-by': 'kfops',
      'kfops.dev/pull-request': '7',
      ...(phase !== undefined && { 'workflows.argoproj.io/phase': phase }),
    },
    annotations: { 'kfops.dev/repository-id': '12', 'kfops.dev/stop-reason': 'closed' },
    ...(deleted && { deletionTimestamp: '2026-01-01T00:00:00Z' }),
  };
  workflows.create({ metadata, spec, ...(phase !== undefined && { status: { phase } }) });
}

function listed() {
  return workflowsOf(api.client, 'ns', { repository: { id: 12 }, number: 7 });
}

describe('argo/stopping', () => {
  it('reads which workflows are stopping, of those that have not ended', async () => {
    make('pending');
    make('running', { phase: 'Running' });
    make('stopping', { phase: 'Running', spec: { shutdown: 'Stop' } });
    make('terminating', { spec: { shutdown: 'Terminate' } });
    make('deleted', { phase: 'Running', deleted: true });
    make('stopped', { phase: 'Failed', spec: { shutdown: 'Stop' } });
    const found = await withStops(api.client, await listed());
    expect(Object.fromEntries(found.map(({ name, stopping }) => [name, stopping]))).to.deep.equal({
      pending: false,
      running: false,
      stopping: true,
      terminating: true,
      deleted: true,
      stopped: false,
    });
    expect(api.requests.filter(({ path }) => path.endsWith('/stopped'))).to.deep.equal([]);
  });

  it('leaves out one that is gone by now', async () => {
    make('running', { phase: 'Running' });
    const before = await listed();
    workflows.delete('running');
    expect(await withStops(api.client, before)).to.deep.equal([]);
  });
});

describe('argo/stop', () => {
  const stop = (name: string) => tellToStop(api.client, 'ns', name, { reason: 'permission' });
  const object = (name: string) => workflows.objects.get(name)!;

  it('stops a workflow, with the reason', async () => {
    make('running', { phase: 'Running' });
    expect(await stop('running')).to.equal('sent');
    expect(object('running').spec).to.deep.equal({ shutdown: 'Stop' });
    expect(object('running').metadata.annotations).to.include({ 'kfops.dev/stop-reason': 'permission' });
  });

  for (const shutdown of ['Stop', 'Terminate']) {
    it(`leaves one that has ${shutdown} already as it is, with its reason`, async () => {
      make('stopping', { phase: 'Running', spec: { shutdown } });
      const before = object('stopping');
      expect(await stop('stopping')).to.equal('stopping');
      expect(object('stopping')).to.deep.equal(before);
    });
  }

  it('leaves one that has ended as it is, and one that is gone', async () => {
    make('ended', { phase: 'Succeeded' });
    expect(await stop('ended')).to.equal('finished');
    expect(object('ended').spec).to.deep.equal({});
    expect(await stop('gone')).to.equal('gone');
  });
});
