import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'chai';

import type { SeenRequest } from '../fixtures/s3-server.js';
import { onInterrupt } from '../support/interrupted.js';
import { skipWithout } from '../support/missing.js';
import { type PullHandle, type ServerProcess, ServerWorld } from './harness.js';

const MIB = 2 ** 20;

/** Rows of the table of faults that are about what a server keeps: objects and its cache. */
describe('what a server stores', function () {
  this.timeout(300_000);
  let world: ServerWorld;
  let server: ServerProcess;

  before(async () => {
    world = await ServerWorld.start();
    server = await world.serve();
  });
  after(() => world.stop());
  afterEach(() => {
    expect(world.github.problems).to.deep.equal([]);
  });

  /** A pull request none of whose contexts is stored yet. */
  function openWithNewContexts(
    more: Readonly<Record<string, string>> = {},
    where: ServerWorld = world,
  ): PullHandle {
    const content = `NEW = ${Math.random()}\n`;
    return where.openPull({
      commit: where.commit({ 'containers/lib/new.py': content, 'pipeline/change.py': content, ...more }),
    });
  }

  function objects(): string[] {
    return [...world.store.buckets.values()].flatMap((bucket) => [...bucket.keys()]);
  }

  it('fault 6: an object store that answers 503 three times is asked again', async () => {
    const pull = openWithNewContexts();
    const before = objects().length;
    world.store.misbehave({ answer: 503, code: 'SlowDown' }, { times: 3, when: isPut });
    await pull.answered(server, '/build', 'rocket');
    expect(pull.workflows).to.have.length(1);
    expect(objects().length - before).to.equal(3);
  });

  for (const here of ['an hour ahead', 'an hour behind']) {
    const hours = here === 'an hour ahead' ? -1 : 1;
    it(`fault 22: with the server’s clock ${here} the object store’s refusal is named, and a command is taken once`, async () => {
      const pull = openWithNewContexts();
      let skewed = true;
      world.store.misbehave(
        {
          answer: 403,
          code: 'RequestTimeTooSkewed',
          headers: { date: new Date(Date.now() + hours * 3_600_000).toUTCString() },
        },
        { times: Infinity, when: () => skewed },
      );
      const comment = await pull.answered(server, '/build', '-1');
      skewed = false;
      await pull.said('the clocks differ too much');
      await pull.tell(server, comment);
      await pull.answered(server, '/status', 'rocket');
      expect(pull.workflows).to.deep.equal([]);
      expect(pull.botComments).to.have.length(1);
    });
  }

  describe('at length', () => {
    /**
     * Has a store that is never well, and its cache on a small disk where this user may mount one. In a world of its
     * own: in the other one a server that is well looks for what was left undone.
     */
    let poor: ServerProcess;
    let poorWorld: ServerWorld;
    let disk: Disk | undefined;
    let failing: PullHandle;
    let planned: PullHandle;
    let stalled: PullHandle;

    // Both take their time, and go on while the rest is tested.
    before(async () => {
      world.store.misbehave({ stall: 'request' }, { when: isSecondPart });
      stalled = openWithNewContexts({ 'containers/train/data.txt': base64(20 * MIB) });
      await stalled.comment(server, '/build');
      await world.until('the second part', () => world.store.requests.find(isSecondPart));

      poorWorld = await ServerWorld.start();
      disk = mountDisk(join(poorWorld.folder, 'disk'), 4 * MIB);
      poorWorld.store.misbehave({ answer: 503, code: 'SlowDown' }, { times: Infinity });
      poor = await poorWorld.serve({
        settings: {
          server: {
            ...(disk !== undefined && { cache: { folder: join(disk.folder, 'cache') } }),
            queue: { per_repository: 4, total: 4 },
            planning: { workers: 5 },
          },
        },
      });
      failing = openWithNewContexts({}, poorWorld);
      await failing.comment(poor, '/build');
      planned = openWithNewContexts({}, poorWorld);
      await planned.comment(poor, '/plan');
    });
    after(async () => {
      disk?.unmount();
      await poorWorld.stop();
      expect(poorWorld.github.problems).to.deep.equal([]);
    });

    it('fault 21: when the disk of the cache is full, it says so, and goes on to serve', async function () {
      if (disk === undefined) skipWithout(this, 'a user who can mount a tmpfs', 'run the tests as root');
      const pull = openWithNewContexts({ 'containers/train/data.txt': base64(6 * MIB) }, poorWorld);
      await pull.answered(poor, '/build', '-1');
      await pull.said('the disk is full');
      const other = openWithNewContexts(
        poorWorld.configReplacing('pipeline:\n', 'pipelin: {}\npipeline:\n'),
        poorWorld,
      );
      await other.answered(poor, '/build', '-1');
      await other.said('UNKNOWN_KEY');
    });

    it('fault 7: an upload that stalls halfway is broken off and done again, and leaves no parts', async () => {
      await stalled.workflow();
      await stalled.said(stalled.workflows[0]?.metadata.name ?? '');
      expect(world.store.requests.filter(isSecondPart)).to.have.length(2);
      expect(world.store.uploads.size).to.equal(0);
    });

    it('fault 6: an object store that answers 503 for ever is told of within a minute, and nothing is submitted', async () => {
      const said = await failing.said('Object store');
      expect(said).to.include(poorWorld.store.endpoint);
      expect(failing.botComments).to.have.length(1);
      expect(failing.workflows).to.deep.equal([]);
      await failing.concluded('failure');
      expect(failing.checks).to.have.length(1);
      expect(await planned.said('Object store')).to.include('/plan');
    });
  });
});

function isPut({ method, path }: SeenRequest): boolean {
  return method === 'PUT' && path.split('/').length > 2;
}

function isSecondPart({ query }: SeenRequest): boolean {
  return query.get('partNumber') === '2';
}

/** A text that cannot be packed to less than this. */
function base64(bytes: number): string {
  return randomBytes(bytes).toString('base64');
}

interface Disk {
  readonly folder: string;
  unmount(): void;
}

/** @returns undefined where this user may not */
function mountDisk(folder: string, bytes: number): Disk | undefined {
  mkdirSync(folder);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  const unmount = (): void => {
    execFileSync('umount', ['--lazy', folder]);
  };
  const done = onInterrupt(unmount);
  return {
    folder,
    unmount: () => {
      done();
      unmount();
    },
  };
}
