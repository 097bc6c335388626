import { expect } from 'chai';

import type { ObservedWorkflow } from '../../argo/status/observed.js';
import { type PullHandle, type ServerProcess, ServerWorld } from './harness.js';

/** What happens on GitHub while builds run, and no delivery tells of it. */
describe('without an event', function () {
  this.timeout(300_000);
  let world: ServerWorld;
  let server: ServerProcess;

  before(async () => {
    world = await ServerWorld.start();
    server = await world.serve({ settings: { server: { look_seconds: 5 } } });
    await server.line(({ msg }) => msg === 'became leader: reporting and reconciling');
  });
  after(async () => {
    expect(world.github.problems).to.deep.equal([]);
    await world.stop();
  });

  async function running(login = 'ada'): Promise<PullHandle> {
    world.github.world.setRole(world.repository, login, 'write');
    const pull = world.openPull();
    await pull.answered(server, '/build', 'rocket', login);
    world.argo.set(await pull.workflow(), 'Running', { 'build-iris-train': 'Running' });
    return pull;
  }

  function isStopped(pull: PullHandle): true | undefined {
    return pull.workflows.every(({ spec }) => spec.shutdown === 'Stop') ? true : undefined;
  }

  async function stopped(pull: PullHandle): Promise<ObservedWorkflow> {
    await world.until('the workflow to be told to stop', () => isStopped(pull));
    const [workflow] = pull.workflows;
    world.argo.set(workflow!, 'Failed', { 'build-iris-train': 'Failed' });
    return workflow!;
  }

  it('threat 55: what runs for a pull request that was closed is stopped, and the comment says why', async () => {
    const pull = await running();
    pull.pull.state = 'closed';
    await stopped(pull);
    await pull.said('Stopped: the pull request was closed');
  });

  it('threat 55: what runs goes on after a push, and the comment says so', async () => {
    const pull = await running();
    const pushed = pull.push({ 'pipeline/change.py': 'PUSHED = 1\n' });
    await pull.said(pushed.slice(0, 7));
    expect(isStopped(pull)).to.equal(undefined);
    pull.pull.state = 'closed';
    await stopped(pull);
  });

  it('threat 55: the build of somebody who lost write permission is stopped, unless somebody else asked for it, too', async () => {
    const [own, shared] = [await running('bob'), await running('bob')];
    await shared.answered(server, '/build', 'rocket', 'ada');
    world.github.world.setRole(world.repository, 'bob', 'read');
    await stopped(own);
    await own.said('Stopped: nobody who requested it has write permission now');
    expect(isStopped(shared)).to.equal(undefined);
    world.github.world.setRole(world.repository, 'ada', 'read');
    await stopped(shared);
    world.github.world.setRole(world.repository, 'ada', 'write');
  });

  it('threat 55: an event that comes twice or late says only that there is something to see', async () => {
    const pull = await running();
    // Closed and opened again: its deliveries come afterwards.
    pull.pull.state = 'closed';
    const { pull: closed } = pull;
    closed.state = 'open';
    await pull.event(server, 'closed');
    const other = world.openPull();
    await other.answered(server, '/help', 'rocket');
    await pull.answered(server, '/status', 'rocket');
    expect(isStopped(pull)).to.equal(undefined);
    closed.state = 'closed';
    await stopped(pull);
  });

  it('threat 55: what runs in a repository from which the App was removed is stopped', async () => {
    const pull = await running();
    world.repository.installed = false;
    for (const token of world.github.world.tokens.values()) token.revoked = true;
    await world.until('the workflow to be told to stop', () => isStopped(pull));
  });
});
