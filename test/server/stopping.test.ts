import { expect } from 'chai';

import type { ObservedWorkflow } from '../../argo/status/observed.js';
import { type PullHandle, type ServerProcess, ServerWorld } from './harness.js';

/** Commands that come while a workflow is stopping: Argo has not ended it yet. */
describe('a workflow that is stopping', function () {
  this.timeout(300_000);
  let world: ServerWorld;
  before(async () => {
    world = await ServerWorld.start();
  });
  after(() => world.stop());
  afterEach(() => {
    expect(world.github.problems).to.deep.equal([]);
  });

  /** A pull request whose build runs. */
  async function running(server: ServerProcess): Promise<[PullHandle, ObservedWorkflow]> {
    const pull = world.openPull();
    await pull.answered(server, '/build', 'rocket');
    const workflow = await pull.workflow();
    world.argo.set(workflow, 'Running', { 'build-iris-train': 'Running' });
    await pull.said('Building 2 images');
    return [pull, workflow];
  }

  function shutdowns(pull: PullHandle): (string | undefined)[] {
    return pull.workflows.map(({ spec }) => spec.shutdown);
  }

  for (const supersede of ['stop', 'queue', 'refuse'] as const) {
    it(`/build right after /cancel makes a new workflow (supersede: ${supersede})`, async () => {
      const server = await world.serve({ settings: { server: { supersede } } });
      const [pull, first] = await running(server);
      await pull.answered(server, '/cancel', 'rocket');
      await pull.answered(server, '/build', 'rocket');
      const second = await pull.workflow(2);
      expect(shutdowns(pull)).to.deep.equal(['Stop', undefined]);
      expect(second.spec).to.deep.include({ synchronization: synchronizationOf(first) });

      world.argo.set(first, 'Failed', { 'build-iris-train': 'Failed' });
      world.argo.succeed(second);
      const said = await pull.said('✅ Built 2 images');
      expect(said).to.include('⏹️ Stopped').and.not.include('Superseded by a newer command');
      expect(pull.workflows).to.have.length(2);
      await server.stop();
    });
  }

  it('a force-push back to a commit whose build was replaced builds it again', async () => {
    const server = await world.serve();
    const [pull, first] = await running(server);
    const before = pull.pull.head.commit;
    pull.push({ 'pipeline/change.py': 'PUSHED = True\n' });
    await pull.answered(server, '/build', 'rocket');
    expect(shutdowns(pull)).to.deep.equal(['Stop', undefined]);
    world.github.world.push(pull.pull, before);
    await pull.answered(server, '/build', 'rocket');
    const third = await pull.workflow(3);
    expect(shutdowns(pull)).to.deep.equal(['Stop', 'Stop', undefined]);
    expect(third.metadata.labels).to.include(first.metadata.labels);
    await server.stop();
  });

  it('/status, /retry and /cancel say that it is stopping', async () => {
    const server = await world.serve();
    const [pull, workflow] = await running(server);
    const { name } = workflow.metadata;
    await pull.answered(server, '/cancel', 'rocket');
    await pull.said(`Stopping \`${name}\``);
    await pull.said('### ⏹️ Stopping');
    await pull.answered(server, '/status', 'rocket');
    await pull.said(/⏹️ Stopping · /);
    await pull.answered(server, '/retry', '-1');
    await pull.said(`\`${name}\` is stopping`);
    await pull.answered(server, '/cancel', 'rocket');
    await pull.said(`Already stopping: \`${name}\``);
    world.argo.set(workflow, 'Failed', { 'build-iris-train': 'Failed' });
    await pull.said('### ⏹️ Stopped');
    await pull.answered(server, '/cancel', 'rocket');
    await pull.said('Nothing runs for this pull request');
    await pull.answered(server, '/retry', 'rocket');
    expect(shutdowns(pull)).to.deep.equal(['Stop', undefined]);
    await server.stop();
  });

  it('one that somebody terminated in Argo stays terminated, whatever stops it', async () => {
    const server = await world.serve();
    const [pull, workflow] = await running(server);
    const workflows = world.kubernetes.collection('workflows', 'kfops');
    const now = workflows.objects.get(workflow.metadata.name)!;
    workflows.replace({ ...now, spec: { ...(now.spec as object), shutdown: 'Terminate' } });
    await pull.said('### ⏹️ Stopping');
    await pull.answered(server, '/build --force', 'rocket');
    await pull.answered(server, '/cancel', 'rocket');
    expect(shutdowns(pull)).to.deep.equal(['Terminate', 'Stop']);
    await server.stop();
  });
});

function synchronizationOf({ spec }: ObservedWorkflow): unknown {
  return (spec as { synchronization?: unknown }).synchronization;
}
