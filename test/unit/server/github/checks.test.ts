import { expect } from 'chai';

import type { CheckReport } from '../../../../server/ports.js';
import { COMMIT, scene, type Scene } from './setup.js';

const RUNNING: CheckReport = {
  commit: COMMIT,
  externalId: 'kfops-pr-1-0123456789ab',
  state: 'running',
  title: 'Building 3 images',
  summary: '**building**',
  annotations: [],
  url: 'https://argo.example.com/workflows/kfops/x',
  startedAt: new Date('2026-01-01T00:00:00Z'),
};

function failed(annotations: number): CheckReport {
  return {
    ...RUNNING,
    state: 'failure',
    finishedAt: new Date('2026-01-01T00:05:00Z'),
    annotations: Array.from({ length: annotations }, (_, index) => ({
      path: 'trainer/Dockerfile',
      line: index + 1,
      level: 'failure',
      title: 'RUN failed',
      message: `line ${index + 1}`,
    })),
  };
}

describe('checks of an App', () => {
  let here: Scene;
  beforeEach(async () => {
    here = await scene();
  });
  afterEach(() => here.end());
  const runs = () => [...here.shown.checkRuns.values()];

  it('makes one check run for a build and goes on with it', async () => {
    const { github, repository, until } = here;
    await until(github.checks.report(repository, { ...RUNNING, state: 'queued' }, 'progress'));
    await until(github.checks.report(repository, RUNNING, 'progress'));
    expect(runs()).to.have.length(1);
    expect(runs()[0]).to.include({
      name: 'kfops',
      commit: COMMIT,
      status: 'in_progress',
      conclusion: null,
      externalId: RUNNING.externalId,
      detailsUrl: RUNNING.url,
    });
    await until(github.checks.report(repository, failed(0), 'final'));
    expect(runs()[0]).to.include({ status: 'completed', conclusion: 'failure' });
    await until(github.checks.report(repository, { ...RUNNING, externalId: 'another' }, 'progress'));
    expect(runs()).to.have.length(2);
  });

  it('an answer’s check is another one than a build’s, and tells the latest by itself', async () => {
    const { github, repository, until } = here;
    const answer: CheckReport = { ...RUNNING, kind: 'answer', externalId: '12', state: 'neutral' };
    await until(github.checks.report(repository, { ...RUNNING, externalId: '17' }, 'progress'));
    await until(github.checks.report(repository, answer, 'reply'));
    await until(github.checks.report(repository, { ...answer, externalId: '7' }, 'reply'));
    expect(runs().map(({ name }) => name)).to.deep.equal(['kfops', 'kfops answer', 'kfops answer']);
    expect(await until(github.checks.latest(repository, COMMIT))).to.equal(17);
    expect(await until(github.checks.latest(repository, COMMIT, 'answer'))).to.equal(12);
    expect(await until(github.checks.latest(repository, 'e'.repeat(40)))).to.equal(0);
  });

  it('finds the run that another process made, also behind those of other builds', async () => {
    const { github, repository, until, server } = here;
    await until(github.checks.report(repository, RUNNING, 'progress'));
    const mine = runs()[0]!;
    for (let index = 0; index < 120; index++) {
      const id = server.world.id();
      here.shown.checkRuns.set(id, { ...mine, id, externalId: `other ${index}`, annotations: [] });
    }
    const other = await here.another();
    await until(other.checks.report(repository, failed(1), 'final'));
    expect(runs()).to.have.length(121);
    expect(mine).to.include({ status: 'completed', conclusion: 'failure' });
    expect(mine.annotations).to.have.length(1);
  });

  it('sends all annotations in batches of 50, each once', async () => {
    const { github, repository, until, server } = here;
    await until(github.checks.report(repository, failed(120), 'final'));
    expect(runs()[0]?.annotations.map(({ start_line }) => start_line)).to.eql(
      Array.from({ length: 120 }, (_, index) => index + 1),
    );
    expect(server.done('write')).to.have.length(3);
    await until(github.checks.report(repository, failed(120), 'final'));
    expect(runs()[0]?.annotations).to.have.length(120);
  });

  it('fault 10: makes no second run and repeats no annotation when an answer is lost', async () => {
    const { github, repository, until, server } = here;
    server.misbehave(
      { cut: 'after' },
      { when: ({ method }) => method === 'POST' && server.done('token').length > 0 },
    );
    await until(github.checks.report(repository, RUNNING, 'progress'));
    expect(runs()).to.have.length(1);
    server.misbehave({ cut: 'after' }, { times: 2, when: ({ method }) => method === 'PATCH' });
    await until(github.checks.report(repository, failed(60), 'final'));
    expect(runs()).to.have.length(1);
    expect(runs()[0]?.annotations).to.have.length(60);
  });

  it('does not let an older report come after a newer one', async () => {
    const { github, repository, until } = here;
    const first = github.checks.report(repository, failed(120), 'progress');
    const last = github.checks.report(repository, { ...RUNNING, state: 'success' }, 'final');
    await until(Promise.all([first, last]));
    expect(runs()[0]?.conclusion).to.equal('success');
  });

  it('threat 44: a report with the id of another repository and a name of its own replaces none of the other', async () => {
    const { github, repository, server, until } = here;
    const other = server.world.addRepository('team/forger');
    const report = github.checks.report(repository, failed(120), 'progress');
    const forged = { ...repository, name: other.name };
    await until(Promise.allSettled([report, github.checks.report(forged, RUNNING, 'final')]));
    expect(runs().map(({ conclusion }) => conclusion)).to.deep.equal(['failure']);
    expect(runs()[0]?.annotations).to.have.length(120);
  });

  it('cuts a summary that is longer than GitHub takes', async () => {
    const { github, repository, until } = here;
    await until(github.checks.report(repository, { ...RUNNING, summary: '€'.repeat(40_000) }, 'progress'));
    expect(runs()[0]?.output.summary).to.match(/^€+\n…$/);
  });
});

describe('checks with a token', () => {
  let here: Scene;
  beforeEach(async () => {
    here = await scene({ as: 'token' });
  });
  afterEach(() => here.end());

  it('are commit statuses', async () => {
    const { github, repository, until, shown } = here;
    await until(github.checks.report(repository, RUNNING, 'progress'));
    await until(github.checks.report(repository, { ...failed(3), title: `${'x'.repeat(138)}😀😀` }, 'final'));
    expect(shown.statuses.map(({ state, context, description }) => ({ state, context, description }))).to.eql(
      [
        { state: 'pending', context: 'kfops', description: 'Building 3 images' },
        { state: 'failure', context: 'kfops', description: `${'x'.repeat(138)}…` },
      ],
    );
    expect(shown.statuses[0]?.targetUrl).to.equal(RUNNING.url);
  });

  it('threat 44: a status with the id of another repository and a name of its own replaces none of the other', async () => {
    const { github, repository, server, until, shown } = here;
    const other = server.world.addRepository('team/forger');
    server.world.setRole(other, 'machine', 'write');
    // It goes out at once; a second one of its commit waits for it, and so does what comes after that.
    const first = github.checks.report(repository, RUNNING, 'progress');
    const report = github.checks.report(repository, failed(0), 'progress');
    const forged = github.checks.report({ ...repository, name: other.name }, RUNNING, 'progress');
    await until(Promise.allSettled([first, report, forged]));
    expect(shown.statuses.map(({ state }) => state)).to.include('failure');
  });
});
