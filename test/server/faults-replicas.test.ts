import { expect } from 'chai';

import { ANNOTATIONS, LABELS } from '../../generator/workflow/names.js';
import { type PullHandle, type ServerProcess, ServerWorld } from './harness.js';

const KFP = { kfp: { endpoint: 'http://ml-pipeline.kubeflow:8888' } };

/** Rows of the table of faults with two servers at once. */
describe('two replicas', function () {
  this.timeout(300_000);
  let world: ServerWorld;
  let leader: ServerProcess;
  let other: ServerProcess;

  before(async () => {
    world = await ServerWorld.start();
    leader = await world.serve({ settings: KFP });
    await leads(leader);
    other = await world.serve({ settings: KFP });
  });
  after(() => world.stop());
  afterEach(() => {
    expect(world.github.problems).to.deep.equal([]);
  });

  async function leads(server: ServerProcess): Promise<void> {
    await server.line(({ msg }) => msg === 'became leader: reporting and reconciling');
  }

  /** Holds both replicas up until each has found that there is no workflow yet. */
  function bothFindNone({ pull }: PullHandle): void {
    const { kubernetes } = world;
    let posts = 0;
    // The first to create meets a fault that passes: by its next attempt the second has decided, too.
    kubernetes.fault({
      answer: { status: 503, retryAfter: 1 },
      when: ({ method, body }) => method === 'POST' && isOf(body, pull.number) && ++posts === 1,
    });
  }

  it('fault 3: two people ask for the same on two replicas: one workflow, which names both', async () => {
    const pull = world.openPull();
    world.github.world.setRole(world.repository, 'cem', 'write');
    bothFindNone(pull);
    const comments = await Promise.all([
      pull.comment(leader, '/build'),
      pull.comment(other, '/build', 'cem'),
    ]);
    for (const comment of comments) await pull.reacted(comment, 'rocket');
    expect(pull.workflows).to.have.length(1);
    const [workflow] = pull.workflows;
    const ids = JSON.parse(workflow?.metadata.annotations?.[ANNOTATIONS.comments] ?? '') as number[];
    expect(ids.toSorted()).to.deep.equal(comments.map(({ id }) => id));
    const said = await pull.said(/\[ada\].*\[cem\]|\[cem\].*\[ada\]/);
    expect(said).to.include(workflow?.metadata.name);
    expect(pull.botComments).to.have.length(1);
  });

  it('fault 3: one after the other joins', async () => {
    const pull = world.openPull();
    await pull.answered(leader, '/build', 'rocket');
    await pull.answered(other, '/build', 'rocket', 'cem');
    expect(pull.workflows).to.have.length(1);
    await pull.said(/\[ada\].*\[cem\]/);
  });

  it('fault 4: a new command stops what another replica has started', async () => {
    const pull = world.openPull();
    await pull.answered(leader, '/build', 'rocket');
    const [first] = pull.workflows;
    pull.push({ 'pipeline/change.py': 'LATER = True\n' });
    await pull.answered(other, '/build', 'rocket');
    const workflows = pull.workflows;
    expect(workflows).to.have.length(2);
    const stopped = workflows.filter(({ spec }) => spec.shutdown === 'Stop');
    expect(stopped.map(({ metadata }) => metadata.name)).to.deep.equal([first?.metadata.name]);
  });

  it('fault 1: a command is done once where GitHub tells only one replica that its author may have it', async () => {
    const pull = world.openPull();
    world.github.world.setRole(world.repository, 'cem', 'write');
    let letGo = (): void => undefined;
    const after = new Promise<void>((resolve) => (letGo = resolve));
    world.github.misbehave({ after }, { when: ({ path }) => path.includes('/git/ref/heads') });
    try {
      // Not by ada: for a while the replica remembers of whom GitHub said nothing.
      const comment = await pull.comment(leader, '/plan', 'cem');
      await world.until('the start to be recorded', () => pull.botComments[0]);
      const fault = { times: Infinity, when: ({ path }: { path: string }) => path.endsWith('/permission') };
      world.github.misbehave({ status: 502 }, fault);
      await pull.tell(other, comment);
      await other.line(({ msg, why }) => msg === 'command' && why === 'GitHub does not say who may command');
      letGo();
      await pull.reacted(comment, 'rocket');
      const reactions = comment.reactions.map(({ content }) => content);
      expect(reactions.filter((content) => content !== 'eyes')).to.deep.equal(['rocket']);
      await pull.said('/plan');
    } finally {
      letGo();
      world.github.recover();
    }
  });

  it('fault 25: only one of them reports; when it is killed, the other does', async () => {
    const pull = world.openPull();
    await pull.answered(other, '/build', 'rocket');
    const workflow = await pull.workflow();
    world.argo.set(workflow, 'Running', { 'build-iris-train': 'Running' });
    await pull.said('Building 2 images');
    expect(other.log.filter(({ msg }) => msg === 'became leader: reporting and reconciling')).to.deep.equal(
      [],
    );

    await leader.stop('SIGKILL');
    world.argo.succeed(workflow);
    await leads(other);
    await pull.said('✅');
    expect(pull.botComments).to.have.length(1);
    expect(pull.workflows).to.have.length(1);
    await pull.concluded('success');
    expect(pull.checks).to.have.length(1);
  });
});

function isOf(body: unknown, pullRequest: number): boolean {
  const { metadata } = body as { metadata?: { labels?: Record<string, string> } };
  return metadata?.labels?.[LABELS.pullRequest] === String(pullRequest);
}
