import { expect } from 'chai';

import type { ObservedWorkflow, WorkflowNode } from '../../../../argo/status/observed.js';
import { accepted, submitted, superseded } from '../../../../server/comment/transitions.js';
import { GitHubError } from '../../../../server/github/errors.js';
import { argoBrings, podOf, serverWorkflow, setStatus } from '../../../support/argo-status.js';
import { request } from '../../../support/conversation.js';
import { Stage } from './support.js';

const NAME = 'kfops-pr-17-abc';

let stage: Stage;
beforeEach(async () => {
  stage = await Stage.open();
});
afterEach(() => stage.close());

/** A workflow as the server leaves it: the comment has its record. */
async function submit(name = NAME, pullRequest = 17, comment = 1): Promise<void> {
  await stage.change(pullRequest, (state) =>
    submitted(accepted(state, request(comment)), request(comment), { name }),
  );
  stage.workflows.create(serverWorkflow(name, { pullRequest, comments: [comment] }));
}

function reported(name = NAME): string | undefined {
  return stage.workflows.objects.get(name)?.metadata.labels?.['kfops.dev/reported'];
}

describe('server/reporter', () => {
  it('tells what begins and what ends, and marks what is told', async () => {
    await submit();
    stage.start();
    argoBrings(stage.workflows, NAME, 'Running', { 'build-one': 'Running', 'build-two': 'Succeeded' });
    await stage.passes(3_000);
    expect(stage.state().builds[0]!.rows.map(({ name, state }) => `${name} ${state}`)).to.deep.equal([
      'one running',
      'two succeeded',
      'compile pending',
    ]);
    expect(stage.checks.map(({ state }) => state)).to.deep.equal(['running']);
    expect(reported()).to.equal(undefined);

    argoBrings(stage.workflows, NAME, 'Succeeded', {}, 'Succeeded');
    await stage.until(() => reported() === 'succeeded');
    expect(stage.told()).to.equal('succeeded');
    expect(stage.body()).to.include(`https://argo.example/workflows/kfops/${NAME}`);
    expect(stage.checks.map(({ state }) => state)).to.deep.equal(['running', 'success']);
    expect(stage.ends).to.deep.equal(['succeeded']);
    expect(stage.writes.at(-1)).to.deep.include({ urgency: 'final' });
  });

  it('makes the notification of an end due together with its mark, also after a restart in between', async () => {
    const asked: (string | undefined)[] = [];
    stage.notice = (state, build, { number }) => {
      asked.push(`${number} ${build.state} ${state.builds.length}`);
      return { event: 'failed', text: build.workflow!.name };
    };
    await submit();
    let isDown = true;
    stage.beforeWrite = ({ kind }) => {
      if (kind === 'check' && isDown) throw new Error('the server ends here');
    };
    stage.start();
    argoBrings(stage.workflows, NAME, 'Failed', { 'build-one': 'Failed' });
    await stage.until(() => stage.told() === 'failed');
    await stage.stop();
    expect(reported()).to.equal(undefined);
    isDown = false;
    stage.start();
    await stage.until(() => reported() === 'failed');
    const { labels, annotations } = stage.workflows.objects.get(NAME)!.metadata;
    expect(labels).to.include({ 'kfops.dev/notify': 'failed' });
    expect(annotations).to.include({ 'kfops.dev/notice': NAME });
    expect(new Set(asked)).to.deep.equal(new Set(['17 failed 1']));
  });

  it('threat 44: reports a workflow with the id of another repository apart', async () => {
    await submit();
    stage.workflows.create(serverWorkflow('forged', { repositoryId: 70 }));
    argoBrings(stage.workflows, 'forged', 'Running', { 'build-one': 'Running' });
    argoBrings(stage.workflows, NAME, 'Running', { 'build-one': 'Running' });
    stage.start();
    await stage.passes(3_000);
    expect([...stage.changed]).to.have.members(['7#17', '70#17']);
  });

  it('edits on changes only, at most every 15 s, and an end at once', async () => {
    await submit();
    stage.start();
    argoBrings(stage.workflows, NAME, 'Running', { 'build-one': 'Running' });
    await stage.passes(3_000);
    const first = stage.edits();
    for (let n = 0; n < 5; n++) {
      // Argo writes often; nothing is to be seen of it.
      argoBrings(stage.workflows, NAME, 'Running', { 'build-one': 'Running' });
      await stage.passes(20_000);
    }
    expect(stage.edits(), 'nothing changed').to.equal(first);
    argoBrings(stage.workflows, NAME, 'Running', { 'build-one': 'Succeeded', 'build-two': 'Running' });
    await stage.passes(3_000);
    expect(stage.edits()).to.equal(first + 1);
    argoBrings(stage.workflows, NAME, 'Running', { 'build-one': 'Succeeded', 'build-two': 'Succeeded' });
    await stage.passes(11_000);
    expect(stage.edits(), 'less than 15 s after the one before').to.equal(first + 1);
    await stage.passes(4_000);
    expect(stage.edits()).to.equal(first + 2);
    argoBrings(stage.workflows, NAME, 'Failed', { 'build-one': 'Succeeded', 'build-two': 'Failed' });
    await stage.until(() => stage.told() === 'failed');
    expect(stage.edits()).to.equal(first + 3);
  });

  it('fault 12: Argo is down for ten minutes: queued within 60 s, nothing submitted again, then it finishes', async () => {
    await submit();
    stage.start();
    const before = stage.body();
    await stage.passes(20_000);
    expect(stage.body(), 'a moment is nothing to tell of').to.equal(before);
    await stage.passes(40_000);
    expect(stage.body()).to.include('Queued');
    const edits = stage.edits();
    await stage.passes(540_000);
    expect(stage.edits()).to.equal(edits);
    argoBrings(stage.workflows, NAME, 'Succeeded', {}, 'Succeeded');
    await stage.until(() => reported() === 'succeeded');
    expect(stage.told()).to.equal('succeeded');
    const writes = stage.api.requests.filter(({ method }) => method !== 'GET');
    expect(
      writes.map(({ method }) => method),
      'but for the mark',
    ).to.deep.equal(['PATCH']);
  });

  for (const how of ['mid-line', 'expired'] as const) {
    it(`fault 13: the watch is cut (${how}): the end is told once`, async () => {
      await submit();
      stage.start();
      await stage.until(() => stage.api.watches === 1);
      stage.api.cutWatches(how);
      argoBrings(stage.workflows, NAME, 'Failed', { 'build-one': 'Failed' });
      await stage.until(() => reported() === 'failed');
      const edits = stage.edits();
      stage.api.cutWatches(how);
      await stage.passes(60_000);
      expect(stage.ends).to.deep.equal(['failed']);
      expect(stage.edits()).to.equal(edits);
    });
  }

  it('fault 14: deleted unseen: unknown, never success', async () => {
    await submit();
    stage.start();
    argoBrings(stage.workflows, NAME, 'Running', { 'build-one': 'Succeeded', 'build-two': 'Succeeded' });
    await stage.passes(3_000);
    stage.api.down();
    argoBrings(stage.workflows, NAME, 'Succeeded', {}, 'Succeeded');
    stage.workflows.delete(NAME);
    stage.api.up();
    await stage.until(() => stage.told() === 'unknown');
    await stage.passes(1_000);
    expect(stage.checks.at(-1)).to.include({ state: 'neutral' });
    expect(stage.ends).to.deep.equal(['unknown']);
  });

  it('fault 14: deleted between its end and the look at it', async () => {
    await submit();
    argoBrings(stage.workflows, NAME, 'Succeeded', {}, 'Succeeded');
    let reads = 0;
    stage.api.onRequest(({ method, path }) => {
      if (method === 'GET' && path.endsWith(NAME) && ++reads === 2) stage.workflows.delete(NAME);
    });
    stage.start();
    await stage.until(() => stage.told() === 'unknown');
  });

  it('fault 15: GitHub fails for a while: tried again, the last state is told, the build goes on', async () => {
    await submit();
    let failures = 0;
    stage.beforeWrite = () => {
      failures++;
      throw new Error('GitHub answered 502');
    };
    stage.start();
    argoBrings(stage.workflows, NAME, 'Running', { 'build-one': 'Running' });
    await stage.passes(120_000);
    expect(failures).to.be.within(2, 10);
    argoBrings(stage.workflows, NAME, 'Running', { 'build-one': 'Succeeded' });
    argoBrings(stage.workflows, NAME, 'Succeeded', {}, 'Succeeded');
    await stage.passes(60_000);
    expect(stage.told(), 'as it was').to.equal('running');
    const spec = JSON.stringify(stage.workflows.objects.get(NAME)?.spec);
    const edits = stage.edits();
    stage.beforeWrite = () => undefined;
    await stage.passes(300_000);
    expect(stage.told()).to.equal('succeeded');
    expect(stage.edits(), 'the last state, and none before').to.equal(edits + 1);
    expect(stage.ends).to.deep.equal(['succeeded']);
    expect(JSON.stringify(stage.workflows.objects.get(NAME)?.spec)).to.equal(spec);
  });

  it('fault 15: the comment is told and the check fails: only the check is told again', async () => {
    await submit();
    let failing = true;
    stage.beforeWrite = ({ kind }) => {
      if (failing && kind === 'check') throw new Error('GitHub answered 500');
    };
    stage.start();
    argoBrings(stage.workflows, NAME, 'Succeeded', {}, 'Succeeded');
    await stage.until(() => stage.told() === 'succeeded');
    const edits = stage.edits();
    expect(reported()).to.equal(undefined);
    failing = false;
    await stage.passes(20_000);
    expect(reported()).to.equal('succeeded');
    expect(stage.edits()).to.equal(edits);
    expect(stage.checks.map(({ state }) => state)).to.deep.equal(['success']);
  });

  it('fault 15: a pull request that GitHub does not know any more is given up', async () => {
    const { ServiceError } = await import('../../../../schema/errors.js');
    await submit();
    let asked = 0;
    stage.beforeWrite = () => {
      asked++;
      throw Object.assign(new ServiceError('GitHub', 'https://api.github.com', 'not found', ''), {
        status: 404,
      });
    };
    stage.start();
    argoBrings(stage.workflows, NAME, 'Succeeded', {}, 'Succeeded');
    await stage.passes(3_600_000);
    expect(asked).to.equal(6);
  }).timeout(120_000);

  it('after a restart tells what ended meanwhile, and writes nothing that is there already', async () => {
    await submit();
    stage.start();
    argoBrings(stage.workflows, NAME, 'Running', { 'build-one': 'Running' });
    await stage.passes(3_000);
    await stage.stop();
    argoBrings(stage.workflows, NAME, 'Failed', { 'build-one': 'Failed' });
    const log = podOf(NAME, 'kaniko', 'build-one');
    stage.api.logs.set(log, 'error building image: no such thing\n');
    stage.start();
    await stage.until(() => reported() === 'failed');
    const [body, edits] = [stage.body(), stage.edits()];
    await stage.stop();

    // As if it had been killed before it marked it; the pods are cleaned up by now.
    stage.api.logs.delete(log);
    const there = stage.workflows.objects.get(NAME)!;
    const labels = { ...there.metadata.labels };
    delete labels['kfops.dev/reported'];
    stage.workflows.replace({ ...there, metadata: { ...there.metadata, labels } });
    stage.start();
    await stage.until(() => reported() === 'failed');
    expect(stage.edits()).to.equal(edits);
    expect(stage.body()).to.equal(body);
    expect(stage.ends).to.deep.equal(['failed']);
  });

  it('tells that a build was stopped once none of its pods works any more', async () => {
    await submit();
    const pods = stage.api.collection('pods', 'kfops');
    const name = podOf(NAME, 'kaniko', 'build-one');
    const labels = { 'workflows.argoproj.io/workflow': NAME };
    pods.create({ metadata: { name, namespace: 'kfops', labels }, status: { phase: 'Running' } });
    stage.start();
    argoBrings(stage.workflows, NAME, 'Running', { 'build-one': 'Running' });
    await stage.passes(3_000);
    const there = stage.workflows.objects.get(NAME)!;
    stage.workflows.replace({ ...there, spec: { ...(there.spec as object), shutdown: 'Stop' } });
    argoBrings(stage.workflows, NAME, 'Failed', { 'build-one': 'Failed' });
    await stage.passes(10_000);
    expect(stage.told()).to.equal('running');
    pods.replace({ ...pods.objects.get(name)!, status: { phase: 'Failed' } });
    await stage.passes(2_000);
    expect(stage.told()).to.equal('stopped');
  });

  it('threat 29: the last lines of what failed are told with secrets masked', async () => {
    await submit();
    stage.api.logs.set(
      podOf(NAME, 'kaniko', 'build-one'),
      `step 1\npassword is hunter2-secret\n${Buffer.from('hunter2-secret').toString('base64')}\nerror building image: exit status 1\n`,
    );
    stage.start();
    argoBrings(stage.workflows, NAME, 'Failed', { 'build-one': 'Failed', 'build-two': 'Succeeded' });
    await stage.until(() => reported() === 'failed');
    const [one] = stage.state().builds[0]!.rows;
    expect(one!.tail).to.include('step 1').and.include('***');
    expect(stage.body()).not.to.include('hunter2').and.not.to.include('aHVudGVyMi1zZWNyZXQ');
  });

  describe('threat 45: text that cannot be shown', () => {
    function compileFails(error: object): void {
      argoBrings(stage.workflows, NAME, 'Failed', { 'build-one': 'Succeeded', 'compile-pipeline': 'Failed' });
      const there = stage.workflows.objects.get(NAME) as ObservedWorkflow;
      const nodes = Object.values(there.status?.nodes as Record<string, WorkflowNode>).map((node) =>
        node.templateName === 'compile-pipeline'
          ? { ...node, outputs: { parameters: [{ name: 'error', value: JSON.stringify(error) }] } }
          : node,
      );
      const byId = Object.fromEntries(nodes.map((node) => [node.id, node]));
      setStatus(stage.workflows, NAME, { ...there.status, nodes: byId });
    }

    it('half a character in error.json does not keep the failure from being told', async () => {
      await submit();
      stage.start();
      const half = 'a\ud800b\u0000';
      compileFails({ kind: half, message: half, hint: half, frames: [{ file: half, line: 3, code: half }] });
      await stage.until(() => reported() === 'failed');
      expect(stage.told()).to.equal('failed');
      expect(stage.body()).to.include('a\ufffdb\ufffd');
      expect(stage.checks.at(-1)).to.have.property('state', 'failure');
    });

    it('an error while the result is shown is told once, without the details', async () => {
      await submit();
      stage.redact = () => {
        throw new RangeError('a secret text');
      };
      stage.start();
      compileFails({ kind: 'code', message: 'x', frames: [] });
      await stage.until(() => reported() === 'failed');
      expect(stage.told()).to.equal('failed');
      expect(stage.body()).to.include('details can’t be shown').and.not.to.include('a secret text');
      expect(stage.checks.at(-1)).to.have.property('state', 'failure');
      const edits = stage.edits();
      await stage.passes(600_000);
      expect(stage.edits()).to.equal(edits);
    });

    it('a check that GitHub does not take is written again without the details', async () => {
      await submit();
      stage.beforeWrite = ({ kind, report }) => {
        if (kind === 'check' && report !== undefined && report.annotations.length > 0)
          throw new GitHubError('https://api.github.com', 'refused (422)', 'none', {
            status: 422,
            trouble: 'refused',
          });
      };
      stage.start();
      compileFails({ kind: 'code', message: 'x', frames: [{ file: '?', line: 3, code: 'x' }] });
      await stage.until(() => reported() === 'failed');
      expect(stage.checks.at(-1)).to.deep.include({
        state: 'failure',
        title: 'The build failed',
        annotations: [],
      });
    });

    it('a comment that GitHub does not take is written again without the details', async () => {
      await submit();
      stage.beforeWrite = (_, body = '') => {
        if (body.includes('what GitHub refuses'))
          throw new GitHubError('https://api.github.com', 'refused (422)', 'none', {
            status: 422,
            trouble: 'refused',
          });
      };
      stage.start();
      compileFails({ kind: 'code', message: 'what GitHub refuses', frames: [] });
      await stage.until(() => reported() === 'failed');
      expect(stage.told()).to.equal('failed');
      expect(stage.body()).to.include('details can’t be shown').and.not.to.include('what GitHub refuses');
    });
  });

  it('fault 24: one of two fails: the sibling’s digest and one failure are told', async () => {
    await submit();
    stage.start();
    argoBrings(stage.workflows, NAME, 'Failed', {
      'build-one': 'Failed',
      'build-two': 'Succeeded',
      'compile-pipeline': 'Omitted',
    });
    await stage.until(() => reported() === 'failed');
    const rows = stage.state().builds[0]!.rows;
    expect(rows.map(({ state }) => state)).to.deep.equal(['failed', 'succeeded', 'omitted']);
    expect(rows[1]!.reference).to.match(/^registry\.example\/two@sha256:[0-9a-f]{64}$/);
  });

  it('of a build that is older than the latest one, its line alone changes', async () => {
    await submit('kfops-pr-17-old', 17, 1);
    await stage.change(17, (state) => superseded(state, request(2)));
    await submit('kfops-pr-17-new', 17, 2);
    stage.start();
    argoBrings(stage.workflows, 'kfops-pr-17-new', 'Running', { 'build-one': 'Running' });
    const old = stage.workflows.objects.get('kfops-pr-17-old')!;
    stage.workflows.replace({ ...old, spec: { ...(old.spec as object), shutdown: 'Stop' } });
    argoBrings(stage.workflows, 'kfops-pr-17-old', 'Failed', { 'build-one': 'Failed' });
    await stage.until(() => reported('kfops-pr-17-old') !== undefined);
    await stage.passes(20_000);
    const [latest, earlier] = stage.state().builds;
    expect(latest).to.deep.include({ state: 'running' });
    expect(latest!.rows).to.have.length(3);
    expect(earlier).to.deep.include({ state: 'stopped', superseded: true, rows: [] });
  });

  it('makes the comment again where it was deleted, from what the workflow carries', async () => {
    stage.workflows.create(serverWorkflow(NAME, { comments: [5, 9] }));
    stage.start();
    argoBrings(stage.workflows, NAME, 'Succeeded', {}, 'Succeeded');
    await stage.until(() => reported() === 'succeeded');
    expect(stage.state().builds[0]!.request).to.deep.include({
      commentIds: [5, 9],
      by: ['octocat'],
      verb: 'build',
    });
  });

  it('leaves alone what is not the server’s', async () => {
    stage.workflows.create(serverWorkflow('of-a-repository-that-is-not-served', { pullRequest: 18 }));
    const foreign = stage.workflows.objects.get('of-a-repository-that-is-not-served')!;
    foreign.metadata.annotations!['kfops.dev/repository'] = 'evil/other';
    const { metadata } = serverWorkflow('by-hand', { pullRequest: 19 });
    stage.workflows.create({ metadata: { ...metadata, annotations: {} }, spec: {} });
    await submit();
    stage.start();
    for (const name of stage.workflows.objects.keys())
      argoBrings(stage.workflows, name, 'Succeeded', {}, 'Succeeded');
    await stage.until(() => reported() === 'succeeded');
    await stage.passes(60_000);
    expect([...stage.github.keys()]).to.deep.equal([17]);
  });

  it('goes on when the cluster refuses for a while', async () => {
    await submit();
    stage.api.fault({ times: 3, answer: { status: 401, reason: 'Unauthorized' } });
    stage.start();
    await stage.passes(60_000);
    argoBrings(stage.workflows, NAME, 'Succeeded', {}, 'Succeeded');
    await stage.until(() => reported() === 'succeeded');
  });
});
