import { expect } from 'chai';

import { LABELS } from '../../generator/workflow/names.js';
import { type PullHandle, ServerWorld } from './harness.js';

/** A command means the head when it was written. */
describe('the commit of a command', function () {
  this.timeout(300_000);
  let world: ServerWorld;

  beforeEach(async () => {
    world = await ServerWorld.start();
  });
  afterEach(async () => {
    expect(world.github.problems).to.deep.equal([]);
    await world.stop();
  });

  async function builtCommit(pull: PullHandle): Promise<string | undefined> {
    return (await pull.workflow()).metadata.labels?.[LABELS.commit];
  }

  function readsOf({ pull }: PullHandle): number {
    const path = `/repos/me/iris/pulls/${pull.number}`;
    return world.github.calls.filter((call) => call.path === path && call.status === 200).length;
  }

  it('threat 50: a push while no server listened is not built for a command from before it', async () => {
    const pull = world.openPull();
    const asked = pull.write('/build');
    const planned = pull.write('/plan');
    const pushed = pull.push({ 'pipeline/change.py': 'PUSHED = 1\n' });
    const server = await world.serve();
    await pull.reacted(asked, '-1');
    await pull.reacted(planned, '-1');
    await pull.said('The branch moved since');
    expect(pull.workflows).to.deep.equal([]);
    await pull.answered(server, '/build', 'rocket');
    expect(await builtCommit(pull)).to.equal(pushed);
  });

  it('threat 50: a push after a delivery is not built for its command, although the command waits', async () => {
    const server = await world.serve();
    const pull = world.openPull();
    const asked = pull.pull.head.commit;
    // The command is not looked at before the push; the head was read by then.
    let hasPushed = (): void => undefined;
    const after = new Promise<void>((resolve) => (hasPushed = resolve));
    world.github.misbehave({ after }, { when: ({ path }) => path.endsWith('/collaborators/ada/permission') });
    const comment = await pull.comment(server, '/build');
    await world.until('the head to be read', () => (readsOf(pull) > 0 ? true : undefined));
    const pushed = pull.push({ 'pipeline/change.py': 'PUSHED = 1\n' });
    hasPushed();
    await pull.reacted(comment, 'rocket');
    expect(await builtCommit(pull)).to.equal(asked);
    await pull.said(pushed.slice(0, 7));
  });

  it('threat 50: a delivery that comes late is treated like a comment that was found', async () => {
    const server = await world.serve();
    const pull = world.openPull();
    const github = world.github.world;
    const stillHead = world.openPull();
    const [late, fine] = [pull.write('/build'), stillHead.write('/build')];
    github.now = () => Date.now() + 60_000;
    try {
      pull.push({ 'pipeline/change.py': 'PUSHED = 1\n' });
      await pull.tell(server, late);
      await stillHead.tell(server, fine);
      await pull.reacted(late, '-1');
      await stillHead.reacted(fine, 'rocket');
    } finally {
      github.now = Date.now;
    }
    expect(pull.workflows).to.deep.equal([]);
    expect(await builtCommit(stillHead)).to.equal(stillHead.pull.head.commit);
  });
});
