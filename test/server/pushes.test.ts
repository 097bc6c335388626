import { expect } from 'chai';

import { ANNOTATIONS, LABELS } from '../../generator/workflow/names.js';
import type { ObservedWorkflow } from '../../argo/status/observed.js';
import { pushDelivery, type GitHubAccount } from '../fixtures/github/index.js';
import { visibleText } from '../support/visible-text.js';
import { type ServerProcess, ServerWorld } from './harness.js';

/** What the log says of a push that may start something. */
interface Started {
  readonly outcome: string;
  readonly why?: string;
}

interface PushOptions {
  readonly sender?: string;
  readonly type?: 'push' | 'force_push' | 'pr_merge' | 'merge_queue_merge';
  /** Nobody tells the server. */
  readonly lost?: boolean;
}

const TRIGGERS =
  'triggers: {push: {branches: [main, "release/*"], do: build}, tag: {pattern: "v*", do: build}}';
const ALLOWED = { push: ['build'], tag: ['build'], bots: ['github-merge-queue[bot]'] };

describe('builds that a push starts', function () {
  this.timeout(300_000);
  let world: ServerWorld;
  let server: ServerProcess;
  let files: Record<string, string>;

  before(async () => {
    world = await ServerWorld.start();
    files = world.configReplacing('repository:', `${TRIGGERS}\nrepository:`);
    world.branch('main', world.commit(files, world.commits.base));
    server = await world.serve({ settings: { server: { triggers: ALLOWED } } });
    for (const bot of ['renovate[bot]', 'github-merge-queue[bot]']) {
      world.github.world.account(bot, 'Bot');
      world.github.world.setRole(world.repository, bot, 'write');
    }
  });
  after(async () => {
    expect(world.github.problems).to.deep.equal([]);
    await world.stop();
  });

  function commitOf(changes: Record<string, string> = {}): string {
    return world.commit({ ...files, 'pipeline/change.py': `CHANGED = ${Math.random()}\n`, ...changes });
  }

  /** Somebody pushes, and GitHub tells the server. */
  async function push(
    branch: string,
    commit = commitOf(),
    { sender = 'ada', type = 'push', lost }: PushOptions = {},
  ): Promise<string> {
    const account = world.github.world.account(sender);
    const before = world.pushBranch(branch, commit, account, type);
    if (!lost) await tell(`refs/heads/${branch}`, commit, { before, sender: account });
    return commit;
  }

  async function tell(
    ref: string,
    after: string,
    options: { before?: string | undefined; sender?: GitHubAccount; tagObject?: string } = {},
  ): Promise<void> {
    const { before, ...others } = options;
    const sender = options.sender ?? world.github.world.account('ada');
    const delivery = pushDelivery(world.github.world, world.repository, ref, {
      ...others,
      after,
      sender,
      ...(before !== undefined && { before }),
    });
    await world.deliver(server, delivery);
  }

  /** What came of a commit, after `act`. */
  async function outcomeOf(commit: string, act: () => Promise<unknown>): Promise<Started> {
    const from = server.log.length;
    await act();
    const line = await world.until('the log to say what came of the push', () =>
      server.log
        .slice(from)
        .find((each) => each.msg === 'a push that may start something' && each.commit === commit),
    );
    return line.trigger as Started;
  }

  async function pushed(branch: string, commit = commitOf(), options: PushOptions = {}): Promise<Started> {
    return outcomeOf(commit, () => push(branch, commit, options));
  }

  function workflowsOf(commit: string): ObservedWorkflow[] {
    return world.argo.workflows.filter(
      ({ metadata }) => metadata.labels?.[LABELS.commit] === commit && !metadata.labels[LABELS.pullRequest],
    );
  }

  function commentsOn(commit: string): string[] {
    return world.repository.commitComments.filter((each) => each.commit === commit).map(({ body }) => body);
  }

  it('a merge builds its commit: version, check, and one comment on the commit when it ended', async () => {
    const commit = commitOf();
    expect(await pushed('main', commit, { type: 'pr_merge' })).to.deep.equal({ outcome: 'submitted' });
    const [workflow] = workflowsOf(commit);
    expect(workflow?.metadata.labels?.[LABELS.trigger]).to.equal('push');
    expect(workflow?.metadata.annotations?.[ANNOTATIONS.requestedBy]).to.equal('ada');
    expect(workflow?.metadata.annotations?.[ANNOTATIONS.ref]).to.equal('refs/heads/main');
    expect(JSON.stringify(workflow?.spec)).to.include(`main-${commit.slice(0, 12)}`);
    world.argo.set(workflow!, 'Running', { 'build-iris-train': 'Running' });
    await world.until('a check', () =>
      [...world.repository.checkRuns.values()].find((run) => run.commit === commit),
    );
    expect(commentsOn(commit)).to.deep.equal([]);
    world.argo.set(workflow!, 'Failed', { 'build-iris-train': 'Failed', 'build-iris-serve': 'Succeeded' });
    const [body] = await world.until('a comment on the commit', () => {
      const there = commentsOn(commit);
      return there.length > 0 ? there : undefined;
    });
    const text = visibleText(body!);
    expect(text).to.include('started by a push of [ada]');
    expect(text).to.include('to the branch `main`');
    expect(text).to.include(`kfops retry ${workflow!.metadata.name}`);
    expect(text).not.to.include('/help');
    await world.until('the check to end', () =>
      [...world.repository.checkRuns.values()].find(
        (run) => run.commit === commit && run.conclusion === 'failure',
      ),
    );
    await world.until('the workflow to be marked', () =>
      workflowsOf(commit)[0]?.metadata.labels?.[LABELS.reported] ? true : undefined,
    );
    expect(commentsOn(commit)).to.have.length(1);
  });

  it('what is delivered again starts nothing more', async () => {
    const before = world.repository.branches.get('main');
    const commit = commitOf();
    await pushed('main', commit);
    expect(await outcomeOf(commit, () => tell('refs/heads/main', commit, { before }))).to.deep.equal({
      outcome: 'ignored',
      why: 'it was started before',
    });
    expect(workflowsOf(commit)).to.have.length(1);
  });

  it('threat 86: a restart and a second delivery join what runs', async () => {
    const before = world.repository.branches.get('main');
    const commit = commitOf();
    await pushed('main', commit);
    await server.stop();
    server = await world.serve({ settings: { server: { triggers: ALLOWED } } });
    expect(await outcomeOf(commit, () => tell('refs/heads/main', commit, { before }))).to.include({
      outcome: 'joined',
    });
    expect(workflowsOf(commit)).to.have.length(1);
  });

  it('threat 80: two pushes in a second: the last one is built', async () => {
    const [first, last] = [commitOf(), commitOf()];
    const before = world.repository.branches.get('main');
    await push('main', first, { lost: true });
    await push('main', last, { lost: true });
    expect(await outcomeOf(first, () => tell('refs/heads/main', first, { before }))).to.include({
      why: 'the branch has moved on since',
    });
    expect(await outcomeOf(last, () => tell('refs/heads/main', last, { before: first }))).to.include({
      outcome: 'submitted',
    });
    expect(workflowsOf(first)).to.deep.equal([]);
  });

  it('threat 80: a force push during a build replaces it, with a check and no comment on the old commit', async () => {
    const [first, forced] = [commitOf(), commitOf()];
    await pushed('release/1.0', first);
    world.argo.set(workflowsOf(first)[0]!, 'Running', { 'build-iris-train': 'Running' });
    expect(await pushed('release/1.0', forced, { type: 'force_push' })).to.include({ outcome: 'submitted' });
    const [stopped] = workflowsOf(first);
    expect(stopped?.spec.shutdown).to.equal('Stop');
    expect(stopped?.metadata.annotations?.[ANNOTATIONS.stopReason]).to.equal('replaced');
    world.argo.set(stopped!, 'Failed', { 'build-iris-train': 'Failed' });
    const check = await world.until('the check to end', () =>
      [...world.repository.checkRuns.values()].find((run) => run.commit === first && run.conclusion !== null),
    );
    expect(check.output.title).to.include('a newer commit was pushed');
    expect(commentsOn(first)).to.deep.equal([]);
  });

  it('threat 80: back to a commit whose build was stopped, or to one that was built, builds it again', async () => {
    const [first, second] = [commitOf(), commitOf()];
    await pushed('release/2.0', first);
    expect(await pushed('release/2.0', second, { type: 'force_push' })).to.include({ outcome: 'submitted' });
    world.argo.set(workflowsOf(first)[0]!, 'Failed', { 'build-iris-train': 'Failed' });
    await world.until('the end of the first build to be told', () =>
      workflowsOf(first)[0]?.metadata.labels?.[LABELS.reported] ? true : undefined,
    );
    world.argo.set(workflowsOf(second)[0]!, 'Succeeded', { 'build-iris-train': 'Succeeded' });
    expect(await pushed('release/2.0', first, { type: 'force_push' })).to.include({ outcome: 'submitted' });
    expect(workflowsOf(first)).to.have.length(2);
    expect(await pushed('release/2.0', second, { type: 'force_push' })).to.include({ outcome: 'submitted' });
    expect(workflowsOf(second)).to.have.length(2);
  });

  it('a push that GitHub tells of before its branches have it is looked at again', async () => {
    const [first, next] = [commitOf(), commitOf()];
    await pushed('release/3.0', first);
    expect(
      await outcomeOf(next, () => tell('refs/heads/release/3.0', next, { before: first })),
    ).to.deep.equal({ outcome: 'ignored', why: 'GitHub doesn’t show the push yet', later: true });
    world.branch('release/3.0', next);
    expect(await outcomeOf(next, () => tell('refs/heads/release/3.0', next, { before: first }))).to.include({
      outcome: 'submitted',
    });
  });

  it('a branch that config.yaml does not name starts nothing', async () => {
    expect(await pushed('feature/x')).to.deep.equal({
      outcome: 'ignored',
      why: 'config.yaml asks for nothing',
    });
  });

  it('a tag names the images; an annotated one is built at its commit', async () => {
    const commit = world.repository.branches.get('main')!;
    const tagObject = 'd'.repeat(40);
    expect(await outcomeOf(commit, () => tell('refs/tags/v1.2', commit, { tagObject }))).to.include({
      outcome: 'submitted',
    });
    const workflow = workflowsOf(commit).find(({ metadata }) => metadata.labels?.[LABELS.trigger] === 'tag');
    const spec = JSON.stringify(workflow?.spec);
    expect(spec).to.include('{"name":"tag","value":"v1.2"}');
    expect(spec).to.include(`v1.2-${commit.slice(0, 12)}`);
  });

  it('a tag that no image can have is told of on its commit', async () => {
    const commit = world.repository.branches.get('main')!;
    expect(await outcomeOf(commit, () => tell('refs/tags/v2+build', commit))).to.include({
      outcome: 'failed',
    });
    const told = visibleText(commentsOn(commit).at(-1)!);
    expect(told, told).to.include('`v2+build` is not a tag');
  });

  it('errors in the commit’s files are told of on it, once', async () => {
    const before = world.repository.branches.get('main')!;
    const commit = commitOf({ 'pipeline/pipeline.py': 'def broken(:\n' });
    expect(await pushed('main', commit)).to.include({ outcome: 'failed' });
    expect(await outcomeOf(commit, () => tell('refs/heads/main', commit, { before }))).to.include({
      why: 'it was started before',
    });
    expect(commentsOn(commit)).to.have.length(1);
    world.repository.branches.set('main', before);
  });

  it('so are errors in config.yaml itself', async () => {
    const before = world.repository.branches.get('main')!;
    const path = 'config_files/config.yaml';
    const commit = commitOf({ [path]: files[path]!.replace('pipeline_path:', 'pipline_path:') });
    expect(await pushed('main', commit)).to.include({ outcome: 'failed' });
    expect(visibleText(commentsOn(commit).at(-1)!)).to.include('pipline_path');
    world.repository.branches.set('main', before);
  });

  it('a commit whose message says so is skipped', async () => {
    const commit = commitOf();
    world.repository.messages.set(commit, 'Fix a typo [skip kfops]');
    expect(await pushed('main', commit)).to.include({ why: 'its message says so' });
  });

  it('threat 81: pushes by strangers and bots, and a merge queue’s branches start nothing', async () => {
    for (const [branch, sender, why] of [
      ['main', 'eve', 'eve has no write permission'],
      ['main', 'renovate[bot]', 'renovate[bot] is a bot'],
      ['gh-readonly-queue/main/pr-7-abc', 'github-merge-queue[bot]', 'a merge queue made the branch'],
    ] as const) {
      const commit = commitOf();
      const before = world.kubernetes.requests.length;
      expect(await pushed(branch, commit, { sender }), why).to.deep.equal({ outcome: 'ignored', why });
      expect(commentsOn(commit)).to.deep.equal([]);
      const writes = world.kubernetes.requests
        .slice(before)
        .filter(({ method, path }) => method !== 'GET' && !path.includes('/leases/'));
      expect(writes).to.deep.equal([]);
    }
  });

  it('a merge by a merge queue is built where the settings name its bot', async () => {
    const options = { sender: 'github-merge-queue[bot]', type: 'merge_queue_merge' } as const;
    expect(await pushed('main', commitOf(), options)).to.include({ outcome: 'submitted' });
  });

  it('threat 82: a day has a limit, which is told of on the commit', async () => {
    await server.stop();
    server = await world.serve({ settings: { server: { triggers: { ...ALLOWED, daily_limit: 1 } } } });
    const commit = commitOf();
    expect(await pushed('main', commit)).to.deep.equal({
      outcome: 'refused',
      why: 'the day’s limit is reached',
    });
    const checks = [...world.repository.checkRuns.values()].filter((run) => run.commit === commit);
    expect(checks.map(({ output }) => output.title)).to.deep.equal([
      'Not built: the limit of this day is reached',
    ]);
    expect(workflowsOf(commit)).to.deep.equal([]);
  });

  it('a build that runs already is not told of as over the limit', async () => {
    await server.stop();
    const started = world.argo.workflows.filter(({ metadata }) => metadata.labels?.[LABELS.trigger]).length;
    const limited = { settings: { server: { triggers: { ...ALLOWED, daily_limit: started + 1 } } } };
    server = await world.serve(limited);
    const before = world.repository.branches.get('main');
    const commit = commitOf();
    expect(await pushed('main', commit)).to.include({ outcome: 'submitted' });
    await server.stop();
    server = await world.serve(limited);
    expect(await outcomeOf(commit, () => tell('refs/heads/main', commit, { before }))).to.include({
      outcome: 'joined',
    });
  });

  it('what the settings do not allow starts nothing', async () => {
    await server.stop();
    server = await world.serve({ settings: { server: { triggers: { push: ['build_run'] } } } });
    expect(await pushed('main')).to.include({
      why: 'config.yaml asks for build, which the settings don’t allow',
    });
    const commit = commitOf();
    expect(await outcomeOf(commit, () => tell('refs/tags/v3', commit))).to.include({
      why: 'the settings let nothing start by itself',
    });
  });

  it('a push that no delivery told of is found; threat 85: not to a branch of any name', async () => {
    await server.stop();
    const odd = await push('release/$(id)', commitOf(), { lost: true });
    const commit = await push('main', commitOf(), { lost: true });
    server = await world.serve({ settings: { server: { triggers: ALLOWED, look_seconds: 5 } } });
    await world.until('its workflow', () => workflowsOf(commit)[0]);
    expect(server.log.filter((line) => line.commit === odd)).to.deep.equal([]);
    expect(workflowsOf(odd)).to.deep.equal([]);
  });
});
