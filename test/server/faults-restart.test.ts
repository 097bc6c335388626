import { expect } from 'chai';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { ANNOTATIONS, LABELS } from '../../generator/workflow/names.js';
import type { SeenRequest } from '../fixtures/s3-server.js';
import { type LogLine, type PullHandle, type ServerProcess, ServerWorld } from './harness.js';

const ROOM = { server: { queue: { per_repository: 8, total: 8 }, planning: { workers: 7 } } };

/** Rows of the table of faults in which a server ends, and another one goes on. */
describe('after the end of a server', function () {
  this.timeout(300_000);
  let world: ServerWorld;

  beforeEach(async () => {
    world = await ServerWorld.start();
  });
  afterEach(() => world.stop());

  /** A pull request none of whose contexts is stored yet. */
  function openWithNewContexts(): PullHandle {
    const content = `NEW = ${Math.random()}\n`;
    return world.openPull({
      commit: world.commit({ 'containers/lib/new.py': content, 'pipeline/change.py': content }),
    });
  }

  /** Makes the cluster silent on the workflows of a pull request. */
  function silentOnWorkflowsOf({ pull }: PullHandle): void {
    world.kubernetes.fault({
      answer: 'hang',
      when: ({ method, query }) =>
        method === 'GET' &&
        (query.get('labelSelector') ?? '').includes(`${LABELS.pullRequest}=${pull.number}`),
    });
  }

  /** Makes the cluster create the next workflow of a pull request, and never say so. */
  function silentAfterCreating({ pull }: PullHandle): void {
    world.kubernetes.fault({
      answer: 'hang',
      after: true,
      when: ({ method, body }) => method === 'POST' && isOf(body, pull.number),
    });
  }

  /** Makes git take a fetch of this commit, and never answer. */
  async function silentOnFetch(commit: string): Promise<unknown> {
    const when = ({ wants }: { readonly wants: readonly string[] }): boolean => wants.includes(commit);
    world.git.misbehave({ stallAfter: 0 }, { when });
    return world.git.next(when);
  }

  /** Folders of open commits that are still there. */
  function openCommits(): string[] {
    return readdirSync(join(world.folder, 'cache/open'));
  }

  async function leads(server: ServerProcess): Promise<void> {
    await server.line(({ msg }) => msg === 'became leader: reporting and reconciling');
  }

  it('fault 2: a server that is killed at any step is gone on from: the recorded commit, one workflow, one comment', async () => {
    const first = await world.serve({ settings: ROOM });
    await leads(first);

    const created = world.openPull();
    silentAfterCreating(created);
    const createdBy = await created.comment(first, '/build');
    const before = await created.workflow();

    const stored = openWithNewContexts();
    let alive = true;
    const puts = ({ method, path }: SeenRequest): boolean => method === 'PUT' && isObject(path);
    const putsBefore = world.store.requests.filter(puts).length;
    world.store.misbehave(
      { stall: 'request' },
      {
        times: Infinity,
        when: (request) =>
          alive && puts(request) && world.store.requests.filter(puts).length > putsBefore + 1,
      },
    );
    const storedBy = await stored.comment(first, '/build');
    const objects = (): string[] => [...world.store.buckets.values()].flatMap((bucket) => [...bucket.keys()]);
    const count = objects().length;
    await world.until('one object, and another PUT', () =>
      objects().length > count && world.store.requests.filter(puts).length >= putsBefore + 2
        ? true
        : undefined,
    );
    const [done = ''] = objects().slice(-1);

    const recorded = world.openPull();
    const asked = recorded.pull.head.commit;
    const fetched = silentOnFetch(asked);
    const recordedBy = await recorded.comment(first, '/build');
    await fetched;
    recorded.push({ 'pipeline/change.py': 'LATER = True\n' });

    const seen = world.openPull();
    silentOnWorkflowsOf(seen);
    const seenBy = await seen.comment(first, '/build');
    await seen.reacted(seenBy, 'eyes');
    expect(seen.botComments).to.deep.equal([]);

    await first.stop('SIGKILL');
    alive = false;
    const second = await world.serve({ settings: ROOM });
    const commands = [
      [created, createdBy],
      [stored, storedBy],
      [recorded, recordedBy],
      [seen, seenBy],
    ] as const;
    for (const [pull, comment] of commands) {
      await pull.reacted(comment, 'rocket');
      const [workflow, ...more] = pull.workflows;
      expect(more).to.deep.equal([]);
      expect(workflow?.metadata.annotations).to.include({ [ANNOTATIONS.comments]: `[${comment.id}]` });
      await pull.said(workflow?.metadata.name ?? '');
      expect(pull.botComments).to.have.length(1);
    }
    expect(created.workflows[0]?.metadata.uid).to.equal(before.metadata.uid);
    expect(recorded.workflows[0]?.metadata.labels).to.include({ [LABELS.commit]: asked });
    expect(
      world.store.requests.filter(({ method, path }) => method === 'PUT' && path.endsWith(done)),
    ).to.have.length(1);

    world.argo.succeed(created.workflows[0]!);
    await created.said('✅ Built 2 images');
    expect(await second.stop()).to.equal(0);
    expect(world.github.problems).to.deep.equal([]);
  });

  it('fault 5: what was asked for while no server listened is found when one starts', async () => {
    const first = await world.serve();
    await leads(first);
    const handled = world.openPull();
    await handled.answered(first, '/help', 'rocket');
    expect(await first.stop()).to.equal(0);

    const built = world.openPull();
    const build = built.write('/build');
    const helped = world.openPull();
    const help = helped.write('/help');
    const refused = world.openPull();
    const refusal = refused.write('/build', 'eve');
    const calls = world.github.calls.length;
    await world.serve();
    await built.reacted(build, 'rocket');
    await helped.reacted(help, 'rocket');
    await helped.said('/build_run');
    await refused.reacted(refusal, '-1');
    expect(built.workflows).to.have.length(1);
    expect(refused.workflows).to.deep.equal([]);
    const later = world.github.calls.slice(calls);
    const again = later.filter(({ path }) => path.endsWith(`/issues/${handled.pull.number}/comments`));
    expect(again).to.deep.equal([]);
  });

  for (const [here, hours] of [
    ['an hour ahead', -1],
    ['an hour behind', 1],
  ] as const) {
    it(`fault 22: with the server’s clock ${here}, what was asked for while it was away is found`, async () => {
      world.github.world.now = () => Date.now() + hours * 3_660_000;
      try {
        const missed = world.openPull();
        const command = missed.write('/help');
        await world.serve();
        await missed.reacted(command, 'rocket');
      } finally {
        world.github.world.now = Date.now;
      }
    });
  }

  it('fault 20: SIGTERM while nothing answers ends the server, leaves nothing behind, and the next one goes on', async () => {
    const first = await world.serve({ settings: ROOM });
    await leads(first);
    let alive = true;

    const packing = openWithNewContexts();
    world.store.misbehave(
      { stall: 'request' },
      { times: Infinity, when: ({ method, path }) => alive && method === 'PUT' && isObject(path) },
    );
    const packingBy = await packing.comment(first, '/build');
    await world.until('a PUT', () =>
      world.store.requests.find(({ method, path }) => method === 'PUT' && isObject(path)),
    );
    const fetching = world.openPull();
    const fetched = silentOnFetch(fetching.pull.head.commit);
    const fetchingBy = await fetching.comment(first, '/build');
    await fetched;
    const asking = world.openPull();
    world.github.misbehave({ stall: true }, { times: Infinity });
    const calls = world.github.calls.length;
    const askingBy = await asking.comment(first, '/build');
    await world.until('GitHub to be asked', () =>
      world.github.calls.slice(calls).find(({ path }) => path.endsWith('/permission')),
    );
    expect(openCommits()).not.to.deep.equal([]);

    expect(await first.stop()).to.equal(0);
    // By its own clock: how soon a process is seen to have ended is up to the machine.
    const at = (line?: LogLine): number => Date.parse(String(line?.time));
    const took = at(first.log.at(-1)) - at(first.log.find(({ msg }) => msg === 'ending'));
    expect(took).to.be.within(1, 25_000);
    expect(openCommits()).to.deep.equal([]);
    expect(world.argo.workflows).to.deep.equal([]);

    alive = false;
    world.github.recover();
    await world.serve({ settings: ROOM });
    const commands = [
      [packing, packingBy],
      [fetching, fetchingBy],
      [asking, askingBy],
    ] as const;
    for (const [pull, comment] of commands) {
      await pull.reacted(comment, 'rocket');
      expect(pull.workflows).to.have.length(1);
      expect(pull.botComments).to.have.length(1);
    }
  });
});

/** Of S3: below a bucket. */
function isObject(path: string): boolean {
  return path.split('/').length > 2;
}

function isOf(body: unknown, pullRequest: number): boolean {
  const { metadata } = body as { metadata?: { labels?: Record<string, string> } };
  return metadata?.labels?.[LABELS.pullRequest] === String(pullRequest);
}
