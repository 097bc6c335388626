import { expect } from 'chai';

import {
  planAnswer,
  renderErrors,
  renderNotThere,
  renderPlanAnswer,
  renderRefusal,
  renderStatusAnswer,
  type PlanAnswer,
} from '../../../../server/comment/answers.js';
import { build, COMMIT, CONTEXT, row } from '../../../support/conversation.js';
import { anImage, aPlan } from '../../../support/plan.js';

function image(name: string, stored: boolean, order = 1): PlanAnswer['images'][number] {
  return {
    name,
    context: { files: 3, bytes: 2048, stored, changed: stored ? 0 : 2 },
    destination: `r.example/${name}:t`,
    isBuilt: true,
    order,
  };
}

const PLAN: PlanAnswer = {
  commit: COMMIT,
  images: [image('a', true), image('b_c', false)],
  parallelism: 10,
  pipeline: { name: 'Churn *x*', path: 'p.py', namespace: 'ns', version: 'v1', schedules: [] },
  run: true,
};

describe('server/comment/answers', () => {
  it('a plan says what is new, where it goes and in which order', () => {
    const text = renderPlanAnswer(PLAN);
    expect(text).to.include(
      'A build of `1a2b3c4d5e6f` would store 2.0 KiB, and build 2 images side by side. Nothing was started.',
    );
    expect(text).to.include('| **a** | 3 files, 2.0 KiB | nothing; stored already | `r.example/a:t` |');
    expect(text).to.include('| **b\\_c** | 3 files, 2.0 KiB | 2 files |');
    expect(text).to.include('**Churn \\*x\\***').and.to.include('as version `v1`, then runs.');
    expect(text).not.to.include('Order');
  });

  it('a plan of images that build on each other has their order', () => {
    const text = renderPlanAnswer({
      ...PLAN,
      images: [image('a', true), image('b', true, 2)],
      warnings: 'careful',
    });
    expect(text)
      .to.include('store nothing new, and build 2 images in 2 steps')
      .and.to.include('| 2 | **b** |');
    expect(text).to.include('```\ncareful\n```');
  });

  it('a plan says which images are built and which are reused, and why', () => {
    const digest = `sha256:${'a'.repeat(64)}`;
    const files = ['a|b @octocat.py', 'b`c'];
    const plan = aPlan({
      images: [
        anImage('base', { decision: { action: 'build', reason: { kind: 'files', files } } }),
        anImage('trainer', {
          decision: { action: 'build', reason: { kind: 'base-built', image: 'base' } },
          buildsOn: ['base'],
        }),
        anImage('server', { decision: { action: 'reuse', digest, revision: COMMIT }, buildsOn: ['loader'] }),
        anImage('loader', { decision: { action: 'reuse', digest } }),
      ],
    });
    const known = { stored: new Set<string>(), changed: () => 1, publishes: true };
    const text = renderPlanAnswer(planAnswer(plan, COMMIT, known));
    expect(text).to.include('and build 2 of 4 images in 2 steps; 2 are reused. Nothing was started.');
    expect(text).to.include(
      '| Image | Order | Decision | Context | New in it | Goes to |\n| :-- | --: | :-- | --: | :-- | :-- |\n' +
        '| **base** | 1 | 🔨&nbsp;build: 2 files changed since the base branch: `a\\|b @octocat.py`, `b’c` | 0 files, 0 B | 1 file | `registry.example.com/team/base:0123456789ab` |\n' +
        '| **trainer** | 2 | 🔨&nbsp;build: builds on `base`, which is built | 0 files, 0 B | 1 file | `registry.example.com/team/trainer:0123456789ab` |\n' +
        '| **server** |  | ♻️&nbsp;reuse: unchanged since `1a2b3c4` | 0 files, 0 B |  |  |\n' +
        '| **loader** |  | ♻️&nbsp;reuse: unchanged | 0 files, 0 B |  |  |\n',
    );
    const all = plan.images.slice(2);
    expect(renderPlanAnswer(planAnswer({ ...plan, images: all }, COMMIT, known))).to.include(
      'A build of `1a2b3c4d5e6f` would build no images: all 2 are reused. Nothing was started.',
    );
  });

  it('a plan shows the schedules with their next run, and when they are applied', () => {
    const { pipeline } = aPlan();
    const schedules = [
      { name: 'nightly', cron: '0 3 * * MON', enabled: true, arguments: {} },
      { name: 'weekly', cron: '@weekly', enabled: false, arguments: { epochs: 3 } },
    ];
    const now = new Date('2026-11-28T12:00:00Z');
    const known = { stored: new Set<string>(), changed: () => 1, publishes: true, now };
    const answer = (publishes: boolean): string =>
      renderPlanAnswer(
        planAnswer({ ...aPlan(), pipeline: { ...pipeline, schedules } }, COMMIT, { ...known, publishes }),
      );
    expect(answer(true)).to.include(
      'Schedules, applied when merged to the default branch:\n\n' +
        '| Schedule | Cron (UTC) | Next run (UTC) |\n| :-- | :-- | :-- |\n' +
        '| **nightly** | `0 3 * * MON` | Mon 2026-11-30 03:00 |\n' +
        '| **weekly** | `@weekly` | disabled |',
    );
    expect(answer(false)).to.include('The schedules are not applied: the settings have no `kfp`.');
    expect(renderPlanAnswer(planAnswer(aPlan(), COMMIT, known))).not.to.include('chedule');
  });

  it('a plan of many images is cut, one of none says so', () => {
    const many = Array.from({ length: 500 }, (_, at) => image(`i${at}`, true));
    expect(renderPlanAnswer({ ...PLAN, images: many }))
      .to.include('side by side, 10 at once')
      .and.to.include('… and 450 more.');
    expect(renderPlanAnswer({ ...PLAN, images: [] })).to.include('would build no image');
    const pipeline = { ...PLAN.pipeline, version: undefined };
    expect(renderPlanAnswer({ ...PLAN, pipeline })).to.include(
      'It is not published: the settings have no `kfp`.',
    );
  });

  it('a status is the heading and the table', () => {
    const text = renderStatusAnswer(
      build('running', [row('a', 'running'), row('b', 'pending', { waiting: 'no node has room' })], {
        workflow: { name: 'wf' },
      }),
      CONTEXT,
    );
    expect(text).to.match(/^🔨 Building 2 images · workflow `wf`\n\n\| Step/);
    expect(text).to.match(/b waits: no node has room$/);
    expect(renderStatusAnswer(undefined, { ...CONTEXT, prefix: 'kfops' })).to.include(
      '**Next:** Comment `/kfops build`.',
    );
  });

  it('a refusal says why and what next, in sentences', () => {
    expect(renderRefusal('only people with write permission may', 'ask `x|y` of them')).to.equal(
      'Only people with write permission may.\n\n**Next:** Ask `x|y` of them.',
    );
    expect(renderRefusal('no @org/team <b>')).to.equal('No @\u200borg/team \\<b\\>.');
  });

  it('a command that does not exist yet is known', () => {
    expect(renderNotThere('deploy')).to.include('`/deploy` is known').and.to.include('`/build_run`');
  });

  it('errors are those of the command line', () => {
    const text = renderErrors([
      { code: 'FOLDER_MISSING', severity: 'error', message: 'There is no `x`.', file: 'c.yaml', line: 1 },
    ]);
    expect(text).to.include('have errors:\n\n```\nc.yaml:1:1 error FOLDER_MISSING There is no `x`.\n```');
  });
});
