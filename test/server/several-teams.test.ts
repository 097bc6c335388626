import { cpSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'chai';

import type { ObservedWorkflow } from '../../argo/status/observed.js';
import type { GitHubRepository } from '../fixtures/github/index.js';
import { ArgoStandIn } from './argo.js';
import { PullConversation } from './conversation.js';
import { type ServerProcess, ServerWorld } from './harness.js';

const BUILDS = 'you-builds';
const rule = (owner: string, more: object = {}): object => ({
  repositories: [`${owner}/*`, `!${owner}/secret`],
  registries: ['registry.example.com/data-science'],
  namespaces: ['data-science'],
  pipelines: ['Sklearn *'],
  ...more,
});
const MINE = rule('me');
const YOURS = rule('you', { build_namespace: BUILDS });

describe('threat 44: builds of two teams in two namespaces', function () {
  this.timeout(300_000);
  let world: ServerWorld;
  let server: ServerProcess;
  let yours: GitHubRepository;
  let argo: ArgoStandIn;
  /** The head of your repository's pull requests, whose configuration names that repository. */
  let head: string;

  const serve = (rules: readonly object[] = [MINE, YOURS]): Promise<ServerProcess> =>
    world.serve({
      settings: {
        server: {
          ...{ repositories: ['me/iris', 'you/iris'], namespaces: [], rules },
          ...{ shared_trust: true, look_seconds: 5 },
        },
      },
    });

  beforeEach(async () => {
    world = await ServerWorld.start();
    argo = new ArgoStandIn(world.kubernetes, BUILDS);
    head = world.commit(world.configReplacing('owner: me', 'owner: you'));
    cpSync(join(world.root, 'me/iris.git'), join(world.root, 'you/iris.git'), { recursive: true });
    yours = world.github.world.addRepository('you/iris');
    world.github.world.setRole(yours, 'ada', 'write');
  });
  afterEach(() => world.stop());

  /** Both have the number 1: only the repository tells them apart. */
  function openPulls(): { mine: PullConversation; your: PullConversation } {
    const base = { commit: world.commits.base, branch: 'main' };
    const pull = world.github.world.openPull(yours, { commit: head, author: 'ada', base });
    return { mine: world.openPull(), your: new PullConversation(world, pull) };
  }

  /** The only workflow of a namespace. */
  function only(where: ArgoStandIn): Promise<ObservedWorkflow> {
    return world.until('a workflow', () => where.workflows.at(0));
  }

  const isLeader = ({ msg }: { readonly msg: string }): boolean => msg.startsWith('became leader');

  it('each lands in its own, is reported, shown and stopped there', async () => {
    server = await serve();
    const { mine, your } = openPulls();
    await Promise.all([mine.answered(server, '/build', 'rocket'), your.answered(server, '/build', 'rocket')]);
    expect([world.argo.workflows.length, argo.workflows.length]).to.deep.equal([1, 1]);
    const [first, second] = [world.argo.workflow(), argo.workflow()];
    expect(first.metadata.annotations?.['kfops.dev/repository']).to.equal('me/iris');
    expect(second.metadata.annotations?.['kfops.dev/repository']).to.equal('you/iris');
    expect(second.metadata.namespace).to.equal(BUILDS);

    for (const [pull, where] of [
      [mine, world.argo],
      [your, argo],
    ] as const) {
      where.set(where.workflow(), 'Running', { 'build-iris-train': 'Running' });
      await pull.said('Building');
      await pull.answered(server, '/status', 'rocket');
      await pull.answered(server, '/cancel', 'rocket');
      await pull.said('Stopping `kfops-pr-1-');
      expect(where.workflow().spec.shutdown).to.equal('Stop');
      if (where === world.argo) expect(argo.workflow().spec.shutdown).to.equal(undefined);
      where.set(where.workflow(), 'Failed', { 'build-iris-train': 'Failed' });
      await pull.said('⏹️ Stopped');
      await pull.answered(server, '/retry', 'rocket');
      expect(where.workflows).to.have.length(2);
    }
    await your.said(`https://argo.example.com/workflows/${BUILDS}/kfops-pr-1-`);
    expect(world.github.problems).to.deep.equal([]);
  });

  it('both are reported by the next server if they end while there is none', async () => {
    server = await serve();
    const { mine, your } = openPulls();
    await Promise.all([mine.answered(server, '/build', 'rocket'), your.answered(server, '/build', 'rocket')]);
    await server.stop();
    for (const where of [world.argo, argo]) where.succeed(await only(where));
    server = await serve();
    await Promise.all([mine.concluded('success'), your.concluded('success')]);
  });

  it('one is built and reported while the server may not look into the namespace of the other', async () => {
    const isYours = ({ path }: { readonly path: string }): boolean => path.includes(`/${BUILDS}/`);
    world.kubernetes.fault({
      when: isYours,
      times: Infinity,
      answer: { status: 403, reason: 'Forbidden', message: 'not allowed there' },
    });
    server = await serve();
    await server.line(({ msg, namespace }) => msg === 'cannot list workflows' && namespace === BUILDS);
    const address = `http://127.0.0.1:${server.port}`;
    await world.until('the other namespace to be listed', () =>
      server.log.find(({ msg }) => msg === 'ready'),
    );
    expect((await fetch(`${address}/readyz`)).status).to.equal(200);
    const metrics = await (await fetch(`${address}/metrics`)).text();
    expect(metrics).to.include(`kfops_build_namespace_up{build_namespace="${BUILDS}"} 0`);
    expect(metrics).to.include('kfops_build_namespace_up{build_namespace="kfops"} 1');

    const { mine, your } = openPulls();
    await mine.answered(server, '/build', 'rocket');
    world.argo.succeed(await only(world.argo));
    await mine.concluded('success');
    await your.answered(server, '/build', '-1');
    await your.said(BUILDS);
  });

  it('what ran before its repository moved is reported and stopped, and a new build replaces it', async () => {
    server = await serve([MINE, rule('you')]);
    const { your } = openPulls();
    await your.answered(server, '/build', 'rocket');
    const before = await only(world.argo);
    world.argo.set(before, 'Running', { 'build-iris-train': 'Running' });
    await your.said('Building');
    await server.stop();

    server = await serve();
    await server.line(isLeader);
    world.argo.set(before, 'Running', { 'build-iris-train': 'Succeeded', 'build-iris-serve': 'Running' });
    await your.said('iris\\_train** | ✅');
    await your.answered(server, '/status', 'rocket');
    await your.answered(server, '/build', 'rocket');
    const after = await only(argo);
    expect(after.metadata.name).not.to.equal(before.metadata.name);
    expect(world.argo.workflow().spec.shutdown).to.equal('Stop');
    argo.succeed(after);
    await your.concluded('success');
    world.argo.set(before, 'Failed', { 'build-iris-train': 'Succeeded', 'build-iris-serve': 'Failed' });
    await world.until('the old one to be marked as reported', () =>
      world.argo.workflow().metadata.labels?.['kfops.dev/reported'] ? true : undefined,
    );
    const said = await your.said('✅');
    expect(said).to.include('⏹️ Superseded by a newer command');
  });

  it('a workflow that another team labels as a pull request’s is not believed', async () => {
    server = await serve();
    await server.line(isLeader);
    const { mine } = openPulls();
    await mine.answered(server, '/build', 'rocket');
    const real = await only(world.argo);
    world.argo.set(real, 'Running', { 'build-iris-train': 'Running' });
    await mine.said('Building');
    const { uid, resourceVersion, ...metadata } = real.metadata;
    expect([uid, resourceVersion]).not.to.include(undefined);
    const forged = { ...real, metadata: { ...metadata, namespace: BUILDS, labels: metadata.labels ?? {} } };
    world.kubernetes.collection('workflows', BUILDS).create(forged);
    argo.succeed(argo.workflow());
    await world.until('it to be looked at', () =>
      argo.workflow().metadata.labels?.['kfops.dev/reported'] ? true : undefined,
    );
    await mine.answered(server, '/status', 'rocket');
    expect(mine.checks.map(({ conclusion }) => conclusion)).not.to.include('success');
    world.argo.set(real, 'Failed', { 'build-iris-train': 'Failed' });
    await mine.concluded('failure');
    // Neither is it joined, nor repeated.
    await mine.answered(server, '/build', 'rocket');
    await mine.said('⏳');
    expect([world.argo.workflows.length, argo.workflows.length]).to.deep.equal([2, 1]);
  });
});
