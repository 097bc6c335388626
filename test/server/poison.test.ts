import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'chai';

import { commitBomb } from '../support/tree-bomb.js';
import { type PullHandle, ServerWorld, type ServerProcess } from './harness.js';

/** An answer within this time is one at once, on a machine that is busy with tests; in milliseconds. */
const AT_ONCE = 15_000;
/** Less than any test waits, and more than it takes to fill the memory on a busy machine. */
const SECONDS = 100;
const HASTY_SECONDS = 30;

describe('threat 41: a commit that is poison to who reads it', function () {
  this.timeout(300_000);
  let world: ServerWorld;
  let server: ServerProcess;

  before(async () => {
    world = await ServerWorld.start();
    server = await start(world, SECONDS);
  });
  after(() => world.stop());

  const bomb = (): PullHandle => {
    // Long names, so that the memory is full soon.
    const shape = { depth: 12, width: 4, name: 'd'.repeat(100) };
    const commit = commitBomb(join(world.root, 'me/iris.git'), world.commits.head, shape);
    return world.openPull({ commit });
  };

  /** Asks for the server's health again and again until something has come about. @returns how long answers took */
  async function healthUntil(work: Promise<unknown>): Promise<readonly number[]> {
    const took: number[] = [];
    let over = false as boolean;
    const end = work.finally(() => (over = true));
    while (!over) {
      const start = performance.now();
      const answer = await fetch(`http://127.0.0.1:${server.port}/healthz`);
      expect(answer.status).to.equal(200);
      took.push(performance.now() - start);
    }
    await end;
    return took;
  }

  for (const command of ['/plan', '/build']) {
    it(`${command} of a tree bomb is refused with the limit, while the server is well and builds for others`, async () => {
      const [poisoned, other] = [bomb(), world.openPull()];
      const took = await healthUntil(
        (async () => {
          const comment = await poisoned.comment(server, command);
          await other.answered(server, '/build', 'rocket');
          await poisoned.reacted(comment, '-1');
        })(),
      );
      await poisoned.said('needed more than 320 MiB of memory and was stopped');
      await poisoned.said('server.planning.memory');
      expect(poisoned.workflows).to.deep.equal([]);
      expect(other.workflows).to.have.length(1);
      expect(took.length).to.be.above(20);
      expect(Math.max(...took)).to.be.below(AT_ONCE);
    });
  }

  it('counts what was stopped, and a server that is well ends as ever', async () => {
    expect(await metricsOf(server)).to.include('kfops_planning_stopped_total{reason="memory"} 2');
    expect(await server.stop()).to.equal(0);
  });
});

describe('threat 41: a commit that stalls who fetches it', function () {
  this.timeout(300_000);
  let world: ServerWorld;

  before(async () => {
    world = await ServerWorld.start();
  });
  after(() => world.stop());

  it('is given up after the time of the settings', async () => {
    const server = await start(world, HASTY_SECONDS);
    const stalled = world.openPull();
    const { commit } = stalled.pull.head;
    world.git.misbehave({ stallAfter: 0 }, { times: Infinity, when: ({ wants }) => wants.includes(commit) });
    const comment = await stalled.comment(server, '/build');
    await world.openPull().answered(server, '/build', 'rocket');
    await stalled.reacted(comment, '-1');
    await stalled.said(`took longer than ${HASTY_SECONDS} s and was stopped`);
    await stalled.said('server.planning.seconds');
    await world.until('what was fetched to be removed', () =>
      readdirSync(join(world.folder, 'cache/open')).length === 0 ? true : undefined,
    );
    expect(stalled.workflows).to.deep.equal([]);
    expect(await metricsOf(server)).to.include('kfops_planning_stopped_total{reason="time"} 1');
  });
});

function start(world: ServerWorld, seconds: number): Promise<ServerProcess> {
  return world.serve({
    settings: {
      // So that nothing but the limits of a worker stops it.
      limits: { repository_files: 100_000_000, context_files: 100_000_000 },
      server: { planning: { workers: 2, seconds, memory: 320 * 2 ** 20 } },
    },
  });
}

async function metricsOf({ port }: ServerProcess): Promise<string> {
  return (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
}
