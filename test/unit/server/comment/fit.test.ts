import { expect } from 'chai';
import fc from 'fast-check';

import { fit, LEVELS, type Limits } from '../../../../server/comment/fit.js';
import type { Build, ConversationState, Reply, StepRow } from '../../../../server/comment/state.js';
import { build, COMMIT, request, row, stateOf } from '../../../support/conversation.js';

const LIMITS: Limits = {
  rows: 2,
  allRows: 3,
  tails: 1,
  lineLength: 10,
  text: 20,
  reply: 60,
  builds: 2,
  published: 2,
  commentIds: 3,
};
/** Longer than any name or reason is kept. */
const LONG = 'x'.repeat(301);
const CUT = `${'x'.repeat(299)}…`;
const URL = 'https://argo.example/log';
const LONG_URL = `${URL}/${'x'.repeat(1000)}`;

const FAILURE = { kind: 'dockerfile', reason: 'reason', nextStep: 'next' } as const;
const ROW: StepRow = row('trainer', 'failed', {
  reference: 'registry.example.com/trainer@sha256:1',
  waiting: 'waiting',
  logUrl: URL,
  failure: { ...FAILURE, location: { file: 'Dockerfile', line: 3 }, excerpt: 'RUN x' },
  tail: 'tail',
});
const FULL: Build = build('failed', [ROW], {
  workflow: { name: 'kfops-1', namespace: 'builds', url: URL },
  others: { succeeded: 2 },
  summary: 'summary',
  text: 'text',
  nextStep: 'next',
  published: {
    version: 'v1',
    versionUrl: URL,
    pinned: ['a'],
    notPinned: ['b'],
    warnings: ['c'],
    schedules: ['created `a`'],
  },
  run: { id: 'run', url: URL, note: 'It continued.' },
  tagWarnings: ['warning'],
});
const REPLY: Reply = { commentId: 3, by: 'ada', command: '/plan', kind: 'answer', markdown: 'plan' };
const PICK_UPS = [{ commentId: 9, commit: COMMIT, times: 1 }];
const ENDED = [{ commentId: 3, kind: 'answer' }] as const;

function fitted(one: Build, limits: Partial<Limits> = {}): Build {
  return fit(stateOf(one), { ...LIMITS, ...limits }).builds[0]!;
}
function rowsOf(...rows: StepRow[]): Pick<Build, 'rows' | 'others'> {
  const { rows: kept, others } = fitted(build('failed', rows));
  return { rows: kept, ...(others && { others }) };
}
const names = ({ rows }: Pick<Build, 'rows'>): string => rows.map(({ name }) => name).join(' ');

describe('fit', () => {
  it('keeps what is small as it is, with all that it has or none of it', () => {
    const full: ConversationState = {
      ...stateOf(FULL),
      reply: REPLY,
      approved: [COMMIT],
      pickUps: PICK_UPS,
      ended: ENDED,
    };
    expect(fit(full, LIMITS)).to.deep.equal(full);
    const least = { ...stateOf(build('failed', [row('trainer', 'failed', { failure: FAILURE })])) };
    expect(fit(least, LIMITS)).to.deep.equal(least);
    const { command, ...refusal } = REPLY;
    expect(command).to.equal('/plan');
    expect(fit({ ...least, reply: refusal }, LIMITS).reply).to.deep.equal(refusal);
    const noUrls = build('failed', [], { workflow: { name: 'kfops-1' }, run: { id: 'run' } });
    expect(fitted(noUrls)).to.deep.equal(noUrls);
  });

  it('keeps the latest builds and approvals', () => {
    const approved = Array.from({ length: 25 }, (_, at) => String(at));
    const state = { ...stateOf(FULL, FULL, build('stopped', [])), approved };
    expect(fit(state, LIMITS).builds).to.deep.equal([FULL, FULL]);
    expect(fit(state, LIMITS).approved).to.deep.equal(approved.slice(5));
  });

  it('cuts each text', () => {
    const texts = build('failed', [row(LONG, 'failed')], {
      request: request(1, { by: [LONG], images: [LONG], flags: [LONG, `--set a='${LONG.repeat(20)}'`] }),
      workflow: { name: LONG },
      summary: LONG,
      text: LONG,
      nextStep: LONG,
      published: {
        version: LONG,
        pinned: [LONG],
        notPinned: [LONG],
        warnings: [LONG],
        schedules: [LONG.repeat(3), LONG, LONG],
      },
      run: { id: LONG, note: LONG.repeat(3) },
    });
    const reply: Reply = { ...REPLY, by: LONG, command: LONG, markdown: LONG };
    const kept = fit({ ...stateOf(texts), reply }, LIMITS);
    expect(kept.builds[0]).to.deep.equal(
      build('failed', [row(CUT, 'failed')], {
        request: request(1, {
          by: [CUT],
          images: [CUT],
          flags: [LONG, `--set a='${LONG.repeat(20)}'`.slice(0, 499) + '…'],
        }),
        workflow: { name: CUT },
        summary: CUT,
        text: `${'x'.repeat(19)}…`,
        nextStep: CUT,
        published: {
          version: CUT,
          pinned: [CUT],
          notPinned: [CUT],
          warnings: [CUT],
          schedules: [`${'x'.repeat(699)}…`, LONG],
        },
        run: { id: CUT, note: `${'x'.repeat(699)}…` },
      }),
    );
    expect(kept.reply).to.deep.include({ by: CUT, command: CUT });
    expect(kept.reply?.markdown.length).to.be.at.most(LIMITS.reply);
    const failure = { kind: 'dockerfile', reason: LONG, nextStep: LONG, excerpt: LONG } as const;
    expect(rowsOf(row('a', 'failed', { reference: LONG, waiting: LONG, failure })).rows).to.deep.equal([
      row('a', 'failed', {
        reference: CUT,
        waiting: CUT,
        failure: { kind: 'dockerfile', reason: CUT, nextStep: CUT, excerpt: CUT },
      }),
    ]);
  });

  it('leaves out an address or a file that is too long: cut, it leads elsewhere', () => {
    const fits = LONG_URL.slice(0, 1000);
    for (const [url, kept] of [
      [fits, { url: fits }],
      [LONG_URL, {}],
    ] as const)
      expect(fitted(build('failed', [], { workflow: { name: 'kfops-1', url } })).workflow).to.deep.equal({
        name: 'kfops-1',
        ...kept,
      });
    const place = (file: string): unknown =>
      rowsOf(row('a', 'failed', { failure: { ...FAILURE, location: { file, line: 1 } } })).rows[0]?.failure
        ?.location;
    expect(place(LONG.slice(1))).to.deep.equal({ file: LONG.slice(1), line: 1 });
    expect(place(LONG)).to.equal(undefined);
  });

  it('keeps the first sentences on tags, each with its next step', () => {
    const tagWarnings = ['a', 'b', 'c'].map((letter) => letter.repeat(800));
    const kept = fitted(build('failed', [], { tagWarnings })).tagWarnings;
    expect(kept).to.deep.equal([`${'a'.repeat(699)}…`, `${'b'.repeat(699)}…`]);
    expect(fitted(build('failed', [], { tagWarnings: kept! })).tagWarnings).to.deep.equal(kept);
  });

  it('keeps the first and the latest comments and people, and the first flags and images', () => {
    const many = Array.from({ length: 25 }, (_, at) => `n${at}`);
    const kept = fitted(
      build('failed', [], {
        request: request(1, { commentIds: [1, 2, 3, 4, 5], by: many, flags: many }),
        published: { version: 'v', pinned: many, notPinned: many, warnings: many },
      }),
    );
    expect(kept.request.commentIds).to.deep.equal([1, 4, 5]);
    expect(kept.request.by).to.deep.equal(['n0', ...many.slice(6)]);
    expect(kept.request.flags).to.deep.equal(many.slice(0, 20));
    const first = ['n0', 'n1'];
    expect(kept.published).to.deep.include({ pinned: first, notPinned: first, warnings: first });
    expect(
      fitted(build('failed', [], { request: request(1, { commentIds: [1, 2, 3] }) })).request.commentIds,
    ).to.deep.equal([1, 2, 3]);
  });

  it('shows all images in their order where they are few', () => {
    const few = rowsOf(row('a', 'succeeded'), row('b', 'pending'), row('c', 'failed'));
    expect(names(few)).to.equal('a b c');
    expect(few).not.to.have.property('others');
  });

  it('shows of many images what failed first, and counts the others', () => {
    const many = rowsOf(
      row('a', 'succeeded'),
      row('b', 'omitted'),
      row('c', 'pending'),
      row('d', 'failed'),
      row('e', 'succeeded'),
    );
    expect(names(many)).to.equal('d c');
    expect(many.others).to.deep.equal({ succeeded: 2, omitted: 1 });
  });

  it('shows each image that failed, runs or was stopped, as far as there is room', () => {
    const images = [row('a', 'stopped'), row('b', 'running'), row('c', 'failed'), row('d', 'pending')];
    expect(names(rowsOf(...images))).to.equal('c b a');
    const more = rowsOf(row('e', 'failed'), ...images);
    expect(names(more)).to.equal('e c b');
    expect(more.others).to.deep.equal({ stopped: 1, pending: 1 });
  });

  it('adds to the images that were not shown before', () => {
    const images = ['a', 'b', 'c', 'd'].map((name) => row(name, 'succeeded'));
    expect(fitted(build('failed', images, { others: { succeeded: 5, failed: 1 } })).others).to.deep.equal({
      succeeded: 7,
      failed: 1,
    });
  });

  it('keeps the last steps, which are no images', () => {
    const images = ['a', 'b', 'c', 'd'].map((name) => row(name, 'succeeded'));
    const steps = (['tag', 'compile', 'publish', 'run', 'run'] as const).map((kind) =>
      row(kind, 'failed', { kind }),
    );
    expect(names(rowsOf(...steps, ...images))).to.equal('a b tag compile publish run');
  });

  it('keeps the last lines of the first steps that have some', () => {
    const tails = (limits: Partial<Limits>): unknown =>
      fitted(
        build('failed', [
          row('a', 'failed'),
          row('b', 'failed', { tail: `first\n${LONG}` }),
          row('c', 'failed', { tail: 'second' }),
        ]),
        limits,
      ).rows.map(({ tail }) => tail);
    expect(tails({})).to.deep.equal([undefined, 'first\nxxxxxxxxx…', undefined]);
    expect(tails({ tails: 2 })).to.deep.equal([undefined, 'first\nxxxxxxxxx…', 'second']);
    expect(tails({ tails: 0 })).to.deep.equal([undefined, undefined, undefined]);
  });

  it('changes nothing when it is done again, at any level', () => {
    const text = fc.oneof(fc.string(), fc.constant(LONG), fc.constant('line\n'.repeat(400)));
    const step = fc.record(
      {
        name: text,
        kind: fc.constantFrom('image', 'compile', 'run'),
        state: fc.constantFrom('failed', 'running', 'succeeded', 'pending'),
        tail: text,
        logUrl: fc.constantFrom(URL, LONG_URL),
      },
      { requiredKeys: ['name', 'kind', 'state'] },
    );
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 60 }),
        text,
        fc.constantFrom(...LEVELS),
        (rows, words, level) => {
          const state = {
            ...stateOf(build('failed', rows, { text: words }), FULL),
            reply: { ...REPLY, markdown: words },
          };
          const once = fit(state, level);
          expect(fit(once, level)).to.deep.equal(once);
        },
      ),
    );
  });
});
