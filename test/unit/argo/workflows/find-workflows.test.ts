import { expect } from 'chai';

import { workflowsOf } from '../../../../argo/workflows/find-workflows.js';
import { markNotified, markNotifyEnd, markReported } from '../../../../argo/workflows/marks.js';
import type { Collection } from '../../../fixtures/kubernetes-store.js';
import { startKubernetes, type KubernetesStandIn } from '../../../fixtures/kubernetes.js';

let api: KubernetesStandIn;
let workflows: Collection;
beforeEach(async () => {
  api = await startKubernetes(2_000);
  workflows = api.collection('workflows', 'ns');
});
afterEach(() => api.close());

function make(name: string, { pr = 7, repositoryId = 12, phase = '', comments = '[1]', at = 1 } = {}): void {
  workflows.create({
    metadata: {
      name,
      creationTimestamp: `2026-01-0${at}T00:00:00Z`,
      labels: {
        'app.kubernetes.io/managed-by': 'kfops',
        'kfops.dev/pull-request': String(pr),
        'kfops.dev/commit': 'c'.repeat(40),
        'kfops.dev/request': 'abc',
        ...(phase && { 'workflows.argoproj.io/phase': phase }),
      },
      annotations: {
        'kfops.dev/repository-id': String(repositoryId),
        'kfops.dev/comments': comments,
        'kfops.dev/attempt': '2',
        'kfops.dev/verb': 'build',
      },
    },
    spec: {},
  });
}

describe('argo/find-workflows', () => {
  it('lists those of a pull request, the latest first, from metadata', async () => {
    make('old', { phase: 'Failed' });
    make('new', { comments: '[5,6]', at: 2 });
    make('other-pull-request', { pr: 8 });
    make('other-repository', { repositoryId: 13 });
    const found = await workflowsOf(api.client, 'ns', { repository: { id: 12 }, number: 7 });
    expect(found).to.deep.equal([
      {
        name: 'new',
        namespace: 'ns',
        phase: 'pending',
        finished: false,
        created: new Date('2026-01-02T00:00:00Z'),
        request: 'abc',
        attempt: 2,
        commit: 'c'.repeat(40),
        verb: 'build',
        by: '',
        triggered: false,
        comments: [5, 6],
      },
      {
        name: 'old',
        namespace: 'ns',
        phase: 'failed',
        finished: true,
        created: new Date('2026-01-01T00:00:00Z'),
        request: 'abc',
        attempt: 2,
        commit: 'c'.repeat(40),
        verb: 'build',
        by: '',
        triggered: false,
        comments: [1],
      },
    ]);
  });

  it('lists those of a branch or a tag, and of no other', async () => {
    const make = (name: string, trigger: string, ref: string, repositoryId = 12): void => {
      workflows.create({
        metadata: {
          name,
          labels: { 'app.kubernetes.io/managed-by': 'kfops', 'kfops.dev/trigger': trigger },
          annotations: { 'kfops.dev/repository-id': String(repositoryId), 'kfops.dev/ref': ref },
        },
        spec: {},
      });
    };
    make('main', 'push', 'refs/heads/main');
    make('tag', 'tag', 'refs/tags/main');
    make('other', 'push', 'refs/heads/other');
    make('elsewhere', 'push', 'refs/heads/main', 13);
    make('pull', 'pull_request', 'refs/heads/main');
    const namesOf = async (kind: 'branch' | 'tag'): Promise<string[]> => {
      const ref = { kind, name: 'main' };
      return (await workflowsOf(api.client, 'ns', { repository: { id: 12 }, ref })).map(({ name }) => name);
    };
    expect(await namesOf('branch')).to.deep.equal(['main']);
    expect(await namesOf('tag')).to.deep.equal(['tag']);
  });

  it('takes an annotation that is not what kfops writes for none', async () => {
    make('a', { comments: '{"not": "a list"}' });
    make('b', { comments: 'no JSON', at: 2 });
    make('c', { comments: '["x", 4, 1.5]', at: 3 });
    const found = await workflowsOf(api.client, 'ns', { repository: { id: 12 }, number: 7 });
    expect(found.map((workflow) => workflow.comments)).to.deep.equal([[4], [], []]);
  });

  it('marks one as reported, and keeps what else is on it', async () => {
    make('a');
    await markReported(api.client, 'ns', 'a', 'succeeded');
    expect(workflows.objects.get('a')?.metadata.labels).to.include({
      'kfops.dev/reported': 'succeeded',
      'kfops.dev/request': 'abc',
    });
    await markReported(api.client, 'ns', 'gone', 'succeeded');
  });

  it('makes a notification due with the report, in one write, and forgets who heard of an earlier end', async () => {
    make('a');
    await markNotified(api.client, 'ns', 'a', ['audit']);
    expect(workflows.objects.get('a')?.metadata.annotations).to.include({
      'kfops.dev/notified': '["audit"]',
    });
    const before = api.requests.length;
    const notice = { event: 'failed', text: '{"event":"failed"}' } as const;
    await markReported(api.client, 'ns', 'a', 'failed', { notice });
    expect(api.requests.length - before).to.equal(1);
    const { labels, annotations } = workflows.objects.get('a')!.metadata;
    expect(labels).to.include({ 'kfops.dev/reported': 'failed', 'kfops.dev/notify': 'failed' });
    expect(annotations)
      .to.include({ 'kfops.dev/notice': notice.text })
      .and.not.have.property('kfops.dev/notified');
    await markNotifyEnd(api.client, 'ns', 'a', 'undelivered');
    expect(workflows.objects.get('a')?.metadata.labels).to.include({ 'kfops.dev/notify': 'undelivered' });
  });
});
