import { expect } from 'chai';

import { LABELS } from '../../generator/workflow/names.js';
import type { ApiObject, ApiRequest } from '../fixtures/kubernetes.js';
import { type PullHandle, type ServerProcess, ServerWorld } from './harness.js';

/** Rows of the table of faults that one server goes through, but for those of its stores and of many images, which have files of their own. */
describe('one server', function () {
  this.timeout(300_000);
  let world: ServerWorld;
  let server: ServerProcess;
  /** Built before all others: Argo never takes it up. */
  let waiting: PullHandle;

  before(async () => {
    world = await ServerWorld.start();
    server = await world.serve({ settings: { server: { queue: { per_repository: 4, total: 4 } } } });
    waiting = world.openPull();
    await waiting.answered(server, '/build', 'rocket');
  });
  after(() => world.stop());
  afterEach(() => {
    world.github.recover();
    expect(world.github.problems).to.deep.equal([]);
  });

  /** Requests to create a workflow of a pull request. */
  function posts({ pull }: PullHandle): readonly ApiRequest[] {
    return world.kubernetes.requests.filter((request) => creates(request, pull.number));
  }

  /** The next workflow of a pull request meets this. */
  function whenCreating({ pull }: PullHandle, fault: Parameters<typeof world.kubernetes.fault>[0]): void {
    world.kubernetes.fault({ ...fault, when: (request) => creates(request, pull.number) });
  }

  async function build(pull: PullHandle, reaction: 'rocket' | '-1' = 'rocket'): Promise<void> {
    await pull.answered(server, '/build', reaction);
  }

  it('fault 1: delivered 50 times at once it is one workflow and one comment', async () => {
    const pull = world.openPull();
    const comment = pull.write('/build');
    await Promise.all(Array.from({ length: 50 }, () => pull.tell(server, comment)));
    await pull.reacted(comment, 'rocket');
    await pull.tell(server, comment);
    await pull.answered(server, '/status', 'rocket');
    expect(posts(pull)).to.have.length(1);
    expect(pull.botComments).to.have.length(1);
  });

  it('fault 4: a build goes on after a push, and says so; a new command stops it; each has the tags of its own commit', async () => {
    const pull = world.openPull();
    await build(pull);
    const first = await pull.workflow();
    world.argo.set(first, 'Running', { 'build-iris-train': 'Running' });
    await pull.said('Building 2 images');
    const before = pull.pull.head.commit;
    const after = pull.push({ 'pipeline/change.py': 'PUSHED = True\n' });
    await pull.event(server, 'synchronize', { before });
    await pull.said(`commit/${after}`);
    expect((await pull.workflow()).spec.shutdown).to.equal(undefined);

    await build(pull);
    const second = await pull.workflow(2);
    expect(world.argo.workflow(first.metadata.name).spec.shutdown).to.equal('Stop');
    world.argo.set(first, 'Failed', { 'build-iris-train': 'Failed' });
    world.argo.succeed(second);
    const said = await pull.said('✅ Built 2 images');
    expect(said).to.include('Superseded by a newer command');
    for (const [workflow, own, others] of [
      [first, before, after],
      [second, after, before],
    ] as const) {
      const text = JSON.stringify(workflow.spec);
      expect(text).to.include(own.slice(0, 12)).and.not.include(others.slice(0, 12));
    }
  });

  it('fault 8: what another has submitted already is adopted, where it is the same', async () => {
    const pull = world.openPull();
    const over = world.kubernetes.onRequest((request) => {
      if (!creates(request, pull.pull.number)) return;
      over();
      const { metadata, ...rest } = request.body as ApiObject;
      world.kubernetes
        .collection('workflows', 'kfops')
        .create({ ...rest, metadata: { ...metadata, namespace: 'kfops' } });
    });
    await build(pull);
    expect(pull.workflows).to.have.length(1);
    await pull.said(pull.workflows[0]?.metadata.name ?? '');
  });

  it('fault 8: where another workflow has the name, it says so', async () => {
    const pull = world.openPull();
    const over = world.kubernetes.onRequest((request) => {
      if (!creates(request, pull.pull.number)) return;
      over();
      const { name } = (request.body as ApiObject).metadata;
      world.kubernetes
        .collection('workflows', 'kfops')
        .create({ metadata: { name, namespace: 'kfops' }, spec: { entrypoint: 'other' } });
    });
    await build(pull, '-1');
    await pull.said('has another workflow named');
    expect(pull.workflows).to.deep.equal([]);
    expect(posts(pull)).to.have.length(1);
  });

  it('fault 10: when the answer to a create is lost, it is asked for again by the same name', async () => {
    const pull = world.openPull();
    whenCreating(pull, { answer: 'drop', after: true });
    await build(pull);
    const names = posts(pull).map(({ body }) => (body as ApiObject).metadata.name);
    expect(names).to.have.length(2);
    expect(new Set(names).size).to.equal(1);
    expect(pull.workflows).to.have.length(1);
  });

  for (const [status, message] of [
    [403, 'workflows is forbidden: exceeded quota'],
    [422, 'spec.templates: Invalid value'],
  ] as const) {
    it(`fault 11: ${status} of the cluster is told, and not asked for again`, async () => {
      const pull = world.openPull();
      whenCreating(pull, { answer: { status, message } });
      await build(pull, '-1');
      await pull.said(message);
      expect(posts(pull)).to.have.length(1);
      expect(pull.workflows).to.deep.equal([]);
      await pull.concluded('failure');
      expect(pull.checks).to.have.length(1);
    });
  }

  it('fault 15: a command that was given up while GitHub failed is taken when it is delivered again', async () => {
    const pull = world.openPull();
    const path = `/repos/me/iris/pulls/${pull.pull.number}`;
    world.github.misbehave({ status: 500 }, { times: Infinity, when: (call) => call.path === path });
    const comment = await pull.comment(server, '/build');
    await server.line(
      ({ msg, pullRequest }) =>
        msg.startsWith('a command was not finished') && pullRequest === pull.pull.number,
    );
    expect(comment.reactions).to.deep.equal([]);
    world.github.recover();
    await pull.tell(server, comment);
    await pull.reacted(comment, 'rocket');
    expect(pull.workflows).to.have.length(1);
  });

  it('fault 16: a pull request that GitHub does not know yet is asked for twice more', async () => {
    const pull = world.openPull();
    const path = `/repos/me/iris/pulls/${pull.pull.number}`;
    world.github.misbehave({ status: 404 }, { times: 2, when: (call) => call.path === path });
    await build(pull);
    expect(pull.workflows).to.have.length(1);
  });

  it('fault 17: nothing is submitted for a comment that is deleted while its files are fetched', async () => {
    const pull = world.openPull();
    const fetched = world.git.next(({ wants }) => wants.includes(pull.pull.head.commit));
    const comment = await pull.comment(server, '/build');
    await fetched;
    world.github.world.removeComment(comment);
    await pull.said('The comment was deleted');
    expect(posts(pull)).to.deep.equal([]);
  });

  it('fault 17: nothing is submitted for a pull request that is closed while its files are fetched', async () => {
    const pull = world.openPull();
    const fetched = world.git.next(({ wants }) => wants.includes(pull.pull.head.commit));
    await pull.comment(server, '/build');
    await fetched;
    pull.pull.state = 'closed';
    await pull.event(server, 'closed');
    await pull.said('The pull request was closed');
    expect(posts(pull)).to.deep.equal([]);
  });

  it('fault 17: what runs for a pull request is stopped when that is closed', async () => {
    const pull = world.openPull();
    await build(pull);
    const workflow = await pull.workflow();
    world.argo.set(workflow, 'Running', { 'build-iris-train': 'Running' });
    pull.pull.state = 'closed';
    await pull.event(server, 'closed');
    await world.until('the workflow to be told to stop', () =>
      world.argo.workflow(workflow.metadata.name).spec.shutdown === 'Stop' ? true : undefined,
    );
    world.argo.set(workflow, 'Failed', { 'build-iris-train': 'Failed' });
    await pull.said('⏹️ Stopped');
  });

  it('fault 12: what Argo does not take up is told to be queued, and is submitted once', async () => {
    await waiting.said('Queued');
    expect(posts(waiting)).to.have.length(1);
    world.argo.succeed(waiting.workflows[0]!);
    await waiting.said('✅ Built 2 images');
  });
});

function creates({ method, path, body }: ApiRequest, pullRequest: number): boolean {
  const labels = (body as Partial<ApiObject> | undefined)?.metadata?.labels;
  return (
    method === 'POST' && path.endsWith('/workflows') && labels?.[LABELS.pullRequest] === String(pullRequest)
  );
}
