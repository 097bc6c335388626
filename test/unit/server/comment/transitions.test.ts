import { expect } from 'chai';

import type { ImageResult, WorkflowResult } from '../../../../generator/results/result.js';
import { mergeStates } from '../../../../server/comment/merge.js';
import { withResult } from '../../../../server/comment/result.js';
import { NOTHING_YET, type ConversationState } from '../../../../server/comment/state.js';
import {
  accepted,
  approved,
  buildOf,
  changeBuild,
  headMoved,
  joined,
  refused,
  replied,
  submitted,
  superseded,
} from '../../../../server/comment/transitions.js';
import { build, COMMIT, request, row, stateOf } from '../../../support/conversation.js';

const OTHER = COMMIT.replace(/^1/, '2');
const DIGEST = `sha256:${'a'.repeat(64)}`;
const LINKS = { redact: (text: string) => text.replaceAll('hunter2', '***') };

function image(name: string, more: Partial<ImageResult> = {}): ImageResult {
  return { name, repository: `r.example/${name}`, state: 'succeeded', attempts: 1, ...more };
}

function result(phase: WorkflowResult['phase'], images: readonly ImageResult[] = []): WorkflowResult {
  return { name: 'wf', phase, images };
}

describe('server/comment/transitions', () => {
  const one = accepted(NOTHING_YET, request(1));

  it('a command is recorded once', () => {
    expect(one.builds).to.deep.equal([build('accepted', [])]);
    expect(accepted(one, request(1, { commit: OTHER }))).to.equal(one);
  });

  it('the latest command is told first, whenever it is taken', () => {
    const three = [5, 3, 4].reduce<ConversationState>(
      (state, id) => accepted(state, request(id)),
      NOTHING_YET,
    );
    expect(three.builds.map(({ request: { commentIds } }) => commentIds[0])).to.deep.equal([5, 4, 3]);
  });

  it('who joins is named once, and their comment is known', () => {
    const two = joined(one, request(1), { commentId: 2, login: 'hubot' });
    const again = joined(two, request(2), { commentId: 2, login: 'hubot' });
    expect(again).to.equal(two);
    expect(joined(two, request(1), { commentId: 3, login: 'octocat' }).builds[0]!.request).to.deep.include({
      commentIds: [1, 2, 3],
      by: ['octocat', 'hubot'],
    });
    expect(buildOf(two, 2)).to.equal(two.builds[0]);
  });

  it('a build that the comment does not know of is recorded first', () => {
    const state = submitted(NOTHING_YET, request(7), { name: 'wf' });
    expect(state.builds).to.deep.equal([
      build('running', [], { request: request(7), workflow: { name: 'wf' } }),
    ]);
    expect(submitted(state, request(7), { name: 'wf' })).to.equal(state);
  });

  it('an end is not undone by a late submission', () => {
    const workflow = { name: 'wf' };
    const done = changeBuild(one, request(1), (each) => ({ ...each, state: 'failed', workflow }));
    expect(submitted(done, request(1), workflow)).to.equal(done);
    const stopped = changeBuild(one, request(1), (each) => ({ ...each, state: 'stopped' }));
    expect(submitted(stopped, request(1), workflow).builds[0]).to.include({ state: 'stopped' });
  });

  it('a failure that another replica reported gives way to the workflow', () => {
    const failed = changeBuild(one, request(1), (each) => ({
      ...each,
      state: 'failed',
      text: 'The process that read this commit ended unexpectedly.',
      nextStep: 'Write the command again.',
    }));
    expect(submitted(failed, request(1), { name: 'wf' }).builds).to.deep.equal([
      build('running', [], { workflow: { name: 'wf' } }),
    ]);
  });

  it('a refusal keeps its text', () => {
    expect(refused(one, request(1), 'a\nb', 'correct it').builds[0]).to.deep.include({
      state: 'refused',
      text: 'a\nb',
      nextStep: 'correct it',
    });
  });

  it('fault 4: what runs is superseded by another command, and marked when the head moves on', () => {
    const running = submitted(accepted(one, request(2)), request(1), { name: 'wf' });
    const stopped = superseded(running, request(2));
    expect(stopped.builds.map((each) => each.superseded)).to.deep.equal([undefined, true]);
    expect(superseded(stopped, request(2))).to.equal(stopped);
    const moved = headMoved(one, OTHER);
    expect(moved.builds[0]!.headMovedTo).to.equal(OTHER);
    expect(headMoved(moved, OTHER)).to.equal(moved);
    expect(headMoved(moved, COMMIT).builds[0]).not.to.have.property('headMovedTo');
    const done = stateOf(build('succeeded', []));
    expect(headMoved(done, OTHER)).to.equal(done);
    expect(superseded(done, request(9))).to.equal(done);
  });

  it('the latest command’s answer is kept', () => {
    const reply = { commentId: 5, by: 'x', kind: 'answer', markdown: 'five' } as const;
    const state = replied(one, reply);
    expect(replied(state, { ...reply, commentId: 4, markdown: 'four' })).to.equal(state);
    expect(replied(state, { ...reply, markdown: 'of a late replica' })).to.equal(state);
    expect(replied(state, { ...reply, commentId: 6, markdown: 'six' }).reply?.markdown).to.equal('six');
  });

  it('what a trigger is answered is told at once, once for each commit, and no later reply forgets it', () => {
    const answer = { commentId: 5, by: 'ann', kind: 'answer', markdown: 'five' } as const;
    const planned = { ...answer, commentId: -7, commit: COMMIT, markdown: 'plan' };
    const state = replied(replied(one, answer), planned);
    expect(state.reply).to.deep.equal(planned);
    const later = replied(state, { ...answer, commentId: 4, markdown: 'four' });
    expect(later).to.deep.include({ reply: { ...answer, commentId: 4, markdown: 'four' }, answered: COMMIT });
    expect(replied(later, planned)).to.equal(later);
    expect(replied(later, { ...planned, commit: OTHER }).answered).to.equal(OTHER);
    expect(mergeStates(one, later).answered).to.equal(COMMIT);
  });

  it('a build that a commit started has its place among the others by its time', () => {
    const at = (id: number, time: string) => request(id, { at: `2026-01-05T09:00:0${time}.000Z` });
    const state = [at(5, '1'), at(-7, '2'), at(6, '3')].reduce<ConversationState>(accepted, NOTHING_YET);
    const reverse = [at(6, '3'), at(-7, '2'), at(5, '1')].reduce<ConversationState>(accepted, NOTHING_YET);
    for (const { builds } of [state, reverse])
      expect(builds.map(({ request: { commentIds } }) => commentIds[0])).to.deep.equal([6, -7, 5]);
  });

  it('threat 56: what a stranger is told takes no other answer’s place, and gives way to each', () => {
    const answer = { commentId: 5, by: 'ann', command: '/plan', kind: 'answer', markdown: 'yes' } as const;
    const refusal = { commentId: 9, by: 'eve', kind: 'refusal', markdown: 'no', stranger: true } as const;
    const told = replied(NOTHING_YET, refusal);
    expect(told.reply).to.deep.equal(refusal);
    expect(replied(told, { ...refusal, commentId: 10 })).to.equal(told);
    expect(replied(told, answer).reply).to.deep.equal(answer);
    const answered = replied(NOTHING_YET, answer);
    expect(replied(answered, refusal)).to.equal(answered);
    const building = accepted(NOTHING_YET, request(1));
    expect(replied(building, refusal)).to.equal(building);
    for (const [a, b] of [
      [told, answered],
      [answered, told],
    ] as const)
      expect(mergeStates(a, b).reply).to.deep.equal(answer);
  });

  it('commits that were let be built: each once, the latest 20', () => {
    const commits = Array.from({ length: 25 }, (_, at) => COMMIT.slice(2) + String(at).padStart(2, '0'));
    const state = commits.reduce(approved, NOTHING_YET);
    expect(state.approved).to.deep.equal(commits.slice(5));
    expect(approved(state, commits[24]!)).to.equal(state);
  });

  it('history: 30 builds, rows and last lines only of the first; /run and /retry find what they ask for', () => {
    const published = { version: 'v1', pinned: ['a → b'], notPinned: [], warnings: [] };
    const full = build('succeeded', [row('a', 'succeeded', { tail: 'x' })], {
      published,
      workflow: { name: 'wf' },
    });
    const next = accepted(stateOf(full), request(2));
    expect(next.builds[1]).to.deep.equal({
      ...full,
      rows: [],
      summary: 'Built a',
      published: { ...published, pinned: [] },
    });
    const many = Array.from({ length: 40 }, (_, at) => at + 2).reduce(
      (state, id) => accepted(state, request(id)),
      next,
    );
    expect(many.builds).to.have.length(30);
  });
});

describe('server/comment/result', () => {
  const begun = build('running', []);

  it('tells each step, its digest, reasons and last lines without secrets', () => {
    const failure = {
      kind: 'unknown',
      reason: 'no hunter2',
      nextStep: 'try',
      lastLines: 'x hunter2',
    } as const;
    const startedAt = new Date('2026-11-22T12:00:00Z');
    const told = withResult(
      begun,
      {
        ...result('failed', [
          image('a', { digest: DIGEST, startedAt }),
          image('b', { state: 'failed', failure }),
        ]),
        compile: { state: 'omitted', attempts: 0 },
        problem: 'hunter2 again',
      },
      { ...LINKS, logUrl: () => 'https://argo.example/l' },
    );
    expect(told.state).to.equal('failed');
    expect(told.text).to.equal('*** again');
    const logUrl = 'https://argo.example/l';
    expect(told.rows).to.deep.equal([
      row('a', 'succeeded', {
        startedAt: '2026-11-22T12:00:00.000Z',
        logUrl,
        reference: `r.example/a@${DIGEST}`,
      }),
      row('b', 'failed', {
        logUrl,
        failure: { kind: 'unknown', reason: 'no ***', nextStep: 'try' },
        tail: 'x ***',
      }),
      row('compile', 'omitted', { kind: 'compile', logUrl }),
    ]);
  });

  it('tells what was published, what was not pinned and why, and the run', () => {
    const images = {
      pinned: [{ name: 'a', reference: `r.example/a@${DIGEST}`, steps: 2 }],
      suspicious: [{ executor: 'train', image: 'r.example/aa', near: 'r.example/a' }],
      dynamic: ['notify'],
      unused: ['b'],
      others: 1,
      omitted: 0,
    };
    const told = withResult(
      begun,
      {
        ...result('succeeded'),
        publish: {
          state: 'succeeded',
          attempts: 1,
          publishes: true,
          images,
          version: 'v1',
          versionId: 'id',
          warnings: ['careful'],
        },
        run: {
          state: 'succeeded',
          attempts: 1,
          runId: 'run-1',
          ignored: [],
          notContinued: 'it is archived.',
        },
      },
      {
        ...LINKS,
        versionUrl: () => 'https://kubeflow.example/v',
        runUrl: () => 'https://kubeflow.example/r',
      },
    );
    expect(told.published).to.deep.equal({
      version: 'v1',
      versionUrl: 'https://kubeflow.example/v',
      pinned: [`a → r.example/a@${DIGEST}`],
      notPinned: [
        '`train` has the image `r.example/aa`, which isn’t one of this build’s images; did its author mean `r.example/a`?',
        '`notify` takes its image from a parameter',
        'no step of the pipeline uses `b`',
      ],
      warnings: ['careful'],
    });
    expect(told.run).to.deep.equal({
      id: 'run-1',
      url: 'https://kubeflow.example/r',
      note: "This run is new, because the failed run can't continue: it is archived.",
    });
  });

  it('tells of all images that no step has in one line', () => {
    const many = Array.from({ length: 30 }, (_, i) => `image-${i}`);
    const images = { pinned: [], suspicious: [], dynamic: [], others: 0, omitted: 0 };
    for (const [unused, line] of [
      [['a', 'b'], 'no step of the pipeline uses `a` and `b`'],
      [
        many,
        'no step of the pipeline uses `image-0`, `image-1`, `image-2`, `image-3`, `image-4` and 25 more',
      ],
    ] as const) {
      const publish = {
        state: 'succeeded' as const,
        attempts: 1,
        publishes: true,
        version: 'v',
        versionId: 'id',
        warnings: [],
        images: { ...images, unused },
      };
      const told = withResult(begun, { ...result('succeeded', []), publish }, LINKS);
      expect(told.published!.notPinned).to.deep.equal([line]);
    }
  });

  it('of a step that had no time left before it started, what it waited for is told, also a second time', () => {
    const late = {
      kind: 'deadline',
      reason: 'it exceeded its time limit (600 s)',
      nextStep: 'wait',
    } as const;
    const waiting = { kind: 'image_pull', reason: 'the image cannot be pulled', nextStep: 'look' } as const;
    const waits = withResult(begun, result('running', [image('a', { state: 'pending', waiting })]), LINKS);
    const ended = result('failed', [image('a', { state: 'failed', failure: late })]);
    const told = withResult(waits, ended, LINKS);
    expect(told.rows[0]?.failure?.reason).to.equal('it did not start in time: the image cannot be pulled');
    expect(withResult(told, ended, LINKS)).to.deep.equal(told);

    // It started after all: then it was slow.
    const runs = withResult(waits, result('running', [image('a', { state: 'running' })]), LINKS);
    expect(withResult(runs, ended, LINKS).rows[0]?.failure?.reason).to.equal(late.reason);
    const logged = image('a', { state: 'failed', failure: { ...late, lastLines: 'INFO RUN make' } });
    expect(withResult(waits, result('failed', [logged]), LINKS).rows[0]?.failure?.reason).to.equal(
      late.reason,
    );
  });

  it('what was not published is not told as published', () => {
    const publish = {
      state: 'succeeded',
      attempts: 1,
      publishes: false,
      version: 'v1',
      warnings: [],
    } as const;
    const told = withResult(begun, { ...result('succeeded'), publish }, LINKS);
    expect(told).not.to.have.property('published');
    expect(told.rows.map(({ name, kind }) => [name, kind])).to.deep.equal([['publish', 'pin']]);
  });

  it('fault 14: a workflow that is gone unseen is unknown, and never success; what had ended stays', () => {
    const running = build('running', [row('a', 'succeeded'), row('b', 'running')]);
    const gone = withResult(running, result('unknown'), LINKS);
    expect(gone.state).to.equal('unknown');
    expect(gone.rows.map(({ state }) => state)).to.deep.equal(['succeeded', 'stopped']);
    const done = build('succeeded', [row('a', 'succeeded')]);
    expect(withResult(done, result('unknown'), LINKS)).to.equal(done);
  });

  it('fault 24: one of five fails: four digests and one failure', () => {
    const failure = { kind: 'unknown', reason: 'no', nextStep: 'try' } as const;
    const images = ['a', 'b', 'c', 'd'].map((name) => image(name, { digest: DIGEST }));
    const told = withResult(
      begun,
      result('failed', [...images, image('e', { state: 'failed', failure })]),
      LINKS,
    );
    expect(told.rows.filter(({ reference }) => reference !== undefined)).to.have.length(4);
    expect(told.rows.filter((each) => each.failure !== undefined)).to.have.length(1);
  });
});
