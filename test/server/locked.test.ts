import { expect } from 'chai';

import type { GitHubCheckRun } from '../fixtures/github/world.js';
import { type LogLine, type PullHandle, type ServerProcess, ServerWorld } from './harness.js';

const COMMENTS = 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments';

describe('in a locked conversation', function () {
  this.timeout(300_000);
  let world: ServerWorld;
  let server: ServerProcess;

  beforeEach(async () => {
    world = await ServerWorld.start();
    server = await world.serve();
  });
  afterEach(async () => {
    expect(world.github.problems, 'what GitHub’s description does not allow').to.deep.equal([]);
    await world.stop();
  });

  function lockedPull(options: Parameters<ServerWorld['openPull']>[0] = {}): PullHandle {
    const pull = world.openPull(options);
    pull.pull.locked = true;
    return pull;
  }

  function answers(pull: PullHandle): GitHubCheckRun[] {
    return pull.checks.filter(({ name }) => name === 'kfops answer');
  }

  async function answer(pull: PullHandle, title: RegExp): Promise<string> {
    const check = await world.until(`the answer ${String(title)}`, () =>
      answers(pull).find(({ output }) => title.test(output.title ?? '')),
    );
    expect(check).to.include({ status: 'completed', conclusion: 'neutral' });
    return check.output.summary ?? '';
  }

  function refusedComments(): number {
    return world.github.calls.filter(({ route }) => route === COMMENTS).length;
  }

  function isAboutLock({ msg }: LogLine): boolean {
    return msg.startsWith('conversation is locked');
  }

  it('/build builds, and its check says what the comment would', async () => {
    const pull = lockedPull();
    await pull.comment(server, '/build');
    const workflow = await pull.workflow();
    world.argo.set(workflow, 'Running', { 'build-iris-train': 'Running' });
    await world.until('the check to run', () =>
      pull.checks.some(({ status }) => status === 'in_progress') ? true : undefined,
    );
    world.argo.succeed(workflow);
    const { name, output } = await pull.concluded('success');
    expect(name).to.equal('kfops');
    expect(output.title).to.match(/^Built 2 images/);
    expect(output.summary)
      .to.include('conversation of this pull request is locked')
      .and.include('iris\\_train')
      .and.include(workflow.metadata.name)
      .and.not.include('<!-- kfops');
    expect(pull.botComments).to.deep.equal([]);
    expect(answers(pull)).to.deep.equal([]);
    // The record, that it was submitted, and its end: each once.
    expect(refusedComments()).to.be.within(2, 3);
    expect(
      world.github.calls.filter(({ route }) => route.endsWith('/reactions') && !route.startsWith('GET')),
    ).to.deep.equal([]);
    const [line, ...others] = server.log.filter(isAboutLock);
    expect(line).to.include({ repository: 'me/iris', pullRequest: pull.pull.number });
    expect(line?.msg).to.include('Unlock the conversation');
    expect(others).to.deep.equal([]);
  });

  it('/build of files with errors says the errors in its check', async () => {
    const commit = world.commit({
      'config_files/config.yaml': 'repository: {owner: me, name: iris}\npipelin: {}\n',
    });
    const pull = lockedPull({ commit });
    await pull.comment(server, '/build');
    const { output } = await pull.concluded('failure');
    expect(output.summary).to.include('config_files/config.yaml:2:1 error UNKNOWN_KEY');
    expect(output.summary).to.include('conversation of this pull request is locked');
    expect(pull.workflows).to.deep.equal([]);
  });

  it('/status, /help and refusals are answered in a check of their own, which is no build’s', async () => {
    const pull = lockedPull();
    await pull.comment(server, '/help');
    expect(await answer(pull, /^💬 \/help$/)).to.include('/build_run');
    await pull.comment(server, '/status');
    expect(await answer(pull, /^💬 \/status$/)).to.include('No builds on this pull request yet');
    await pull.comment(server, '/build --fast');
    expect(await answer(pull, /refused|Not understood/)).to.include('--fast');
    await pull.comment(server, '/build');
    world.argo.set(await pull.workflow(), 'Running', { 'build-iris-train': 'Running' });
    await pull.comment(server, '/status');
    await world.until('the second answer', () =>
      answers(pull).some(({ output }) => output.summary?.includes('Building 2 images')) ? true : undefined,
    );
    await world.until('the check of the build', () =>
      pull.checks.some(({ name }) => name === 'kfops') ? true : undefined,
    );
    expect(pull.botComments).to.deep.equal([]);
  });

  it('what was done is not done again by the next server', async () => {
    const pull = lockedPull();
    await pull.comment(server, '/build');
    const first = await pull.workflow();
    world.argo.set(first, 'Running', { 'build-iris-train': 'Running' });
    const cancel = await pull.comment(server, '/cancel');
    await answer(pull, /\/cancel/);
    world.argo.set(first, 'Failed', { 'build-iris-train': 'Failed' });
    await pull.comment(server, '/build');
    const second = await pull.workflow(2);
    world.argo.set(second, 'Running', { 'build-iris-train': 'Running' });
    await world.until('the second check', () =>
      pull.checks.some(({ status }) => status === 'in_progress') ? true : undefined,
    );
    await server.stop();
    const next = await world.serve();
    const { outcome } = await next.line(({ msg, comment }) => msg === 'command' && comment === cancel.id);
    expect(outcome).to.equal('ignored');
    // Unlocked, it has no reaction either.
    await next.stop();
    pull.pull.locked = false;
    const last = await world.serve();
    const line = await last.line(({ msg, comment }) => msg === 'command' && comment === cancel.id);
    expect(line.outcome).to.equal('ignored');
    expect(second.spec.shutdown).to.equal(undefined);
    expect(pull.workflows).to.have.length(2);
  });

  it('once it is unlocked, the next answer’s comment has all', async () => {
    const pull = lockedPull();
    await pull.comment(server, '/build');
    const workflow = await pull.workflow();
    world.argo.succeed(workflow);
    await pull.concluded('success');
    pull.pull.locked = false;
    await pull.answered(server, '/help', 'rocket');
    const said = await pull.said('✅ Built 2 images');
    expect(said).to.include('/build_run');
    expect(pull.botComments).to.have.length(1);
  });

  it('a comment that is there already stays as it was, and the check has the answer', async () => {
    const pull = world.openPull();
    await pull.answered(server, '/help', 'rocket');
    pull.pull.locked = true;
    const [before] = pull.botComments.map(({ body }) => body);
    await pull.comment(server, '/status');
    await answer(pull, /\/status/);
    expect(pull.botComments.map(({ body }) => body)).to.deep.equal([before]);
  });

  it('a fork’s commit cannot be approved, as no comment can record it', async () => {
    const containers = [{ name: 'kaniko', volumeMounts: [{ name: 'forks', mountPath: '/kaniko/.docker' }] }];
    const volumes = [{ name: 'forks', secret: { secretName: 'push-forks' } }];
    const manifest = { apiVersion: 'v1', kind: 'Pod', spec: { containers, volumes } };
    const forks = { registry: 'forks.example.com/all', manifest };
    const trusted = JSON.parse(JSON.stringify(manifest).replaceAll('forks', 'trusted')) as unknown;
    await server.stop();
    server = await world.serve({ settings: { kaniko: { manifest: trusted }, server: { forks } } });
    const fork = world.github.world.addRepository('eve/iris');
    const pull = lockedPull({ from: fork });
    await pull.comment(server, `/ok-to-test ${pull.pull.head.commit}`);
    expect(await answer(pull, /ok-to-test/)).to.include('Unlock the conversation');
    await pull.comment(server, '/build');
    await world.until('the refusal of /build', () => (answers(pull).length === 2 ? true : undefined));
    expect(pull.workflows).to.deep.equal([]);
  });
});
