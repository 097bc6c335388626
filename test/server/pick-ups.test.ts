import { expect } from 'chai';

import { readMarker } from '../../server/comment/marker.js';
import type { SeenCall } from '../fixtures/github/server.js';
import { type ServerProcess, ServerWorld } from './harness.js';

/** A command that ends the server, whatever it is. */
describe('a command that kills the server', function () {
  this.timeout(300_000);
  let world: ServerWorld;

  beforeEach(async () => {
    world = await ServerWorld.start();
  });
  afterEach(async () => {
    expect(world.github.problems).to.deep.equal([]);
    await world.stop();
  });

  for (const command of ['/build', '/plan']) {
    it(`threat 51: ${command} is tried three times, then refused; others go on`, async () => {
      const pull = world.openPull();
      const { commit } = pull.pull.head;
      const comment = pull.write(command);
      let server: ServerProcess | undefined;
      let killed = 0;
      world.git.misbehave(
        { stallAfter: 0 },
        { times: Infinity, when: ({ wants }) => wants.includes(commit) },
      );
      for (;;) {
        server = await world.serve();
        const fetched = world.git.next(({ wants }) => wants.includes(commit)).then(() => 'fetched');
        await pull.tell(server, comment);
        const refused = pull.reacted(comment, '-1').then(() => 'refused');
        if ((await Promise.race([fetched, refused])) === 'refused') break;
        refused.catch(() => undefined);
        const other = world.openPull();
        await other.answered(server, '/help', 'rocket');
        await server.stop('SIGKILL');
        killed++;
      }
      expect(killed).to.equal(3);
      await pull.said('The server stopped three times');
      expect(pull.botComments).to.have.length(1);
      expect(pull.workflows).to.deep.equal([]);
      // Delivered again it stays so, and another commit is built.
      await pull.tell(server, comment);
      pull.push({ 'pipeline/change.py': 'HARMLESS = True\n' });
      await pull.answered(server, '/build', 'rocket');
      expect(world.git.fetches.filter(({ wants }) => wants.includes(commit))).to.have.length(3);
    });
  }

  it('threat 51: an end in order and trouble of GitHub do not count', async () => {
    const pull = world.openPull();
    const { commit } = pull.pull.head;
    const comment = pull.write('/plan');
    const starts = (): number | undefined => {
      const read = readMarker(pull.botComments[0]?.body ?? '');
      return read.kind === 'state' ? read.state.pickUps?.[0]?.times : undefined;
    };
    world.git.misbehave({ stallAfter: 0 }, { when: ({ wants }) => wants.includes(commit) });
    const first = await world.serve();
    const fetched = world.git.next(({ wants }) => wants.includes(commit));
    await pull.tell(first, comment);
    await fetched;
    expect(starts()).to.equal(1);
    expect(await first.stop()).to.equal(0);
    expect(starts()).to.equal(0);

    const second = await world.serve();
    for (let i = 0; i < 3; i++) {
      const noToken = { times: Infinity, when: isForGit };
      world.github.misbehave({ status: 500 }, noToken);
      await pull.tell(second, comment);
      await world.until('the start to be counted', () => (starts() === 1 ? true : undefined));
      await world.until('the start to be given back', () => (starts() === 0 ? true : undefined));
      world.github.recover();
    }
    await pull.tell(second, comment);
    await pull.reacted(comment, 'rocket');
    expect(starts()).to.equal(undefined);
  });
});

/** A token for git, which reads and no more. */
function isForGit({ route, body }: SeenCall): boolean {
  const { permissions } = (body ?? {}) as { permissions?: Record<string, string> };
  return route.endsWith('/access_tokens') && permissions?.contents === 'read';
}
