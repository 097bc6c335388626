import { expect } from 'chai';

import { ANNOTATIONS, LABELS } from '../../generator/workflow/names.js';
import { HOLD_LABEL } from '../../server/ports.js';
import { pullDelivery } from '../fixtures/github/index.js';
import { PullHandle, type ServerProcess, ServerWorld } from './harness.js';

/** What the log says of a commit that may start something. */
interface Started {
  readonly outcome: string;
  readonly why?: string;
}

describe('builds that start without a command', function () {
  this.timeout(300_000);
  let world: ServerWorld;
  let server: ServerProcess;
  let from = 0;

  before(async () => {
    world = await ServerWorld.start();
    const files = world.configReplacing('repository:', 'triggers: {pull_request: build}\nrepository:');
    world.branch('main', world.commit(files, world.commits.base));
    server = await world.serve({
      settings: { server: { triggers: { pull_request: ['plan', 'build'] }, manifest_branches: ['planned'] } },
    });
    world.branch(
      'planned',
      world.commit(world.configReplacing('repository:', 'triggers: {pull_request: plan}\nrepository:')),
    );
    world.github.world.setRole(world.repository, 'renovate[bot]', 'write');
  });
  after(async () => {
    expect(world.github.problems).to.deep.equal([]);
    await world.stop();
  });

  /** What came of the head of a pull request, after `act`. */
  async function outcomeOf({ pull: { head } }: PullHandle, act: () => Promise<void>): Promise<Started> {
    const { commit } = head;
    from = server.log.length;
    await act();
    const line = await world.until('the log to say what came of the commit', () =>
      server.log
        .slice(from)
        .find((each) => each.msg === 'a commit that may start something' && each.commit === commit),
    );
    return line.trigger as Started;
  }

  function opened(pull: PullHandle): Promise<Started> {
    return outcomeOf(pull, () => pull.event(server, 'opened'));
  }

  it('a pull request that is opened is built; the workflow says who and why', async () => {
    const pull = world.openPull();
    expect(await opened(pull)).to.deep.equal({ outcome: 'submitted' });
    const { metadata } = await pull.workflow();
    expect(metadata.labels?.[LABELS.trigger]).to.equal('pull_request');
    expect(metadata.annotations?.[ANNOTATIONS.requestedBy]).to.equal('ada');
    const said = await pull.said('started by a commit of');
    expect(said).to.include(`/commit/${pull.pull.head.commit}`);
  });

  it('what is delivered again, or opened again, starts nothing more', async () => {
    const pull = world.openPull();
    await opened(pull);
    for (const action of ['opened', 'reopened', 'synchronize'] as const)
      expect(await outcomeOf(pull, () => pull.event(server, action)), action).to.deep.equal({
        outcome: 'ignored',
        why: 'it was started before',
      });
    expect(pull.workflows).to.have.length(1);
  });

  it('somebody who commands the same joins it', async () => {
    const pull = world.openPull();
    await opened(pull);
    await pull.answered(server, '/build', 'rocket');
    expect(pull.workflows).to.have.length(1);
  });

  it('a new commit replaces the build of the one before', async () => {
    const pull = world.openPull();
    await opened(pull);
    world.argo.set(await pull.workflow(), 'Running', { 'build-iris-train': 'Running' });
    const before = pull.pull.head.commit;
    const commit = pull.push({ 'pipeline/change.py': 'PUSHED = 1\n' });
    expect(await outcomeOf(pull, () => pull.event(server, 'synchronize', { before }))).to.deep.equal({
      outcome: 'submitted',
    });
    const [first, second] = pull.workflows;
    expect(first?.spec.shutdown).to.equal('Stop');
    expect(second?.metadata.labels?.[LABELS.commit]).to.equal(commit);
  });

  it('threat 80: two pushes in a second: the last one is built', async () => {
    const pull = world.openPull();
    const { world: github } = world.github;
    const [opened, first] = [pull.pull.head.commit, pull.push({ 'pipeline/change.py': 'PUSHED = 2\n' })];
    const early = pullDelivery(github, pull.pull, 'synchronize', { before: opened });
    const from = server.log.length;
    const last = pull.push({ 'pipeline/change.py': 'PUSHED = 3\n' });
    await world.deliver(server, early);
    const line = await world.until('the first push to be looked at', () =>
      server.log.slice(from).find(({ commit }) => commit === first),
    );
    expect(line.trigger).to.include({ why: 'the branch has moved on since' });
    await outcomeOf(pull, () => pull.event(server, 'synchronize', { before: first }));
    expect(pull.workflows.map(({ metadata }) => metadata.labels?.[LABELS.commit])).to.deep.equal([last]);
  });

  it('threat 80: a force push during a build replaces it, and back to its commit builds that again', async () => {
    const pull = world.openPull();
    await opened(pull);
    const first = pull.pull.head.commit;
    const forced = world.commit({ 'pipeline/change.py': 'FORCED = 1\n' });
    world.github.world.push(pull.pull, forced, 'force_push');
    const push = (before: string): Promise<Started> =>
      outcomeOf(pull, () => pull.event(server, 'synchronize', { before }));
    expect(await push(first)).to.include({ outcome: 'submitted' });
    expect(pull.workflows[0]?.spec.shutdown).to.equal('Stop');
    world.github.world.push(pull.pull, first, 'force_push');
    expect(await push(forced)).to.include({ outcome: 'submitted' });
    expect(pull.workflows).to.have.length(3);
    expect(await push(forced)).to.include({ why: 'it was started before' });
  });

  it('a draft waits until it is ready', async () => {
    const pull = world.openPull();
    pull.pull.draft = true;
    expect(await opened(pull)).to.include({ why: 'the pull request is a draft' });
    pull.pull.draft = false;
    expect(await outcomeOf(pull, () => pull.event(server, 'ready_for_review'))).to.include({
      outcome: 'submitted',
    });
  });

  it('a label holds it until it is removed', async () => {
    const pull = world.openPull();
    pull.pull.labels = ['bug', HOLD_LABEL];
    expect(await opened(pull)).to.include({ why: 'it has the label kfops/hold' });
    await pull.event(server, 'unlabeled', { label: 'bug' });
    pull.pull.labels = ['bug'];
    expect(await outcomeOf(pull, () => pull.event(server, 'unlabeled', { label: HOLD_LABEL }))).to.include({
      outcome: 'submitted',
    });
    expect(pull.workflows).to.have.length(1);
  });

  it('a commit whose message says so is skipped', async () => {
    const pull = world.openPull();
    world.repository.messages.set(pull.pull.head.commit, 'Fix a typo\n\n[Skip Kfops]');
    expect(await opened(pull)).to.deep.equal({ outcome: 'ignored', why: 'its message says so' });
    await pull.answered(server, '/build', 'rocket');
  });

  it('plans where the base branch’s config.yaml asks for that, once', async () => {
    const pull = world.openPull({ base: { branch: 'planned', commit: world.commits.base } });
    expect(await opened(pull)).to.include({ outcome: 'answered' });
    await pull.said('/plan');
    await pull.said('Started by a commit of [ada]');
    await pull.answered(server, '/help', 'rocket');
    expect(await outcomeOf(pull, () => pull.event(server, 'reopened'))).to.include({
      why: 'it was started before',
    });
    await pull.said('/help');
    expect(pull.workflows).to.deep.equal([]);
  });

  it('threat 82: what the head’s own config.yaml asks for does not count', async () => {
    const files = world.configReplacing('repository:', 'triggers: {pull_request: none}\nrepository:');
    const pull = world.openPull({ commit: world.commit(files) });
    expect(await opened(pull)).to.include({ outcome: 'submitted' });
  });

  it('errors in the head’s files are in the comment, as of a command', async () => {
    const files = world.configReplacing('repository:', 'mistake:');
    const pull = world.openPull({ commit: world.commit(files) });
    expect(await opened(pull)).to.include({ outcome: 'failed' });
    await pull.said('mistake');
  });

  it('threat 81: strangers, bots and forks start nothing, and nothing is said', async () => {
    const { world: github } = world.github;
    const fork = github.addRepository('eve/iris');
    const cases: [PullHandle, string, string][] = [
      [world.openPull(), 'eve', 'eve has no write permission'],
      [world.openPull(), 'renovate[bot]', 'renovate[bot] is a bot'],
      [world.openPull({ from: fork }), 'ada', 'the pull request comes from a fork'],
    ];
    for (const [pull, sender, why] of cases) {
      const before = world.kubernetes.requests.length;
      const act = (): Promise<void> => pull.event(server, 'opened', { sender: github.account(sender) });
      expect(await outcomeOf(pull, act), why).to.deep.equal({ outcome: 'ignored', why });
      expect(pull.botComments).to.deep.equal([]);
      expect(pull.workflows).to.deep.equal([]);
      expect(
        world.kubernetes.requests
          .slice(before)
          .filter(({ method, path }) => method !== 'GET' && !path.includes('/leases/')),
      ).to.deep.equal([]);
    }
  });

  it('threat 82: a day has a limit, which commands don’t have', async () => {
    await server.stop();
    const limited = await world.serve({
      settings: { server: { triggers: { pull_request: ['build'], daily_limit: 1 } } },
    });
    server = limited;
    const pull = world.openPull();
    expect(await opened(pull)).to.include({ outcome: 'refused' });
    await pull.said('1 builds of this repository have started by themselves today');
    await pull.answered(server, '/build', 'rocket');
    expect(pull.workflows).to.have.length(1);
  });

  it('a push that no delivery told of is found', async () => {
    await server.stop();
    const pull = world.openPull();
    pull.push({ 'pipeline/change.py': 'MISSED = 1\n' });
    const { world: github } = world.github;
    const old = github.openPull(world.repository, {
      commit: world.commit({ 'pipeline/change.py': 'OLD = 1\n' }),
      author: 'ada',
      base: pull.pull.base,
      branchedAt: new Date(Date.now() - 2 * 3_600_000),
    });
    github.addComment(world.repository, old.number, 'ada', 'Is this still needed?');
    server = await world.serve({
      settings: { server: { triggers: { pull_request: ['build'] }, look_seconds: 5 } },
    });
    await pull.workflow();
    // Both were looked at in one round, the latest change first.
    expect(new PullHandle(world, old).workflows).to.deep.equal([]);
  });

  it('a commit for which GitHub did not say who may is looked at again', async () => {
    const pull = world.openPull();
    pull.push({ 'pipeline/change.py': 'AGAIN = 1\n' });
    world.github.misbehave(
      { status: 502 },
      { times: Infinity, when: ({ path }) => path.includes('/collaborators/') },
    );
    expect(await outcomeOf(pull, () => pull.event(server, 'synchronize'))).to.deep.include({
      why: 'GitHub does not say what ada may do',
    });
    world.github.recover();
    await pull.workflow();
  });
});
