import { deflateRawSync } from 'node:zlib';

import { expect } from 'chai';

import type { WorkflowResult } from '../../../../generator/results/result.js';
import { checkReport } from '../../../../server/comment/check.js';
import { fit, LEVELS } from '../../../../server/comment/fit.js';
import { readMarker, writeMarker } from '../../../../server/comment/marker.js';
import { picture } from '../../../../server/comment/picture.js';
import { renderComment } from '../../../../server/comment/render.js';
import { withResult } from '../../../../server/comment/result.js';
import type { Build, StepRow } from '../../../../server/comment/state.js';
import { headline, othersText } from '../../../../server/comment/words.js';
import { build, CONTEXT, row, stateOf } from '../../../support/conversation.js';

const REVISION = 'abc1234def0123456789abcdef0123456789abcd';
const DIGEST = `sha256:${'1a2b3c4d'.repeat(8)}`;

function reused(name: string, more: Partial<StepRow> = {}): StepRow {
  return row(name, 'reused', { reference: `r.example/${name}@${DIGEST}`, revision: REVISION, ...more });
}

function many(count: number): StepRow[] {
  return Array.from({ length: count }, (_, at) => reused(`image-${at}`));
}

const compiled = row('compile', 'succeeded', { kind: 'compile' });
const published = row('publish', 'succeeded', { kind: 'publish' });

function bodyOf(of: Build): string {
  return renderComment(stateOf(of), CONTEXT).body;
}

describe('server/comment: reused images', () => {
  const headings: readonly (readonly [string, Build['state'], readonly StepRow[]])[] = [
    ['✅ Built 1 image, 11 reused', 'succeeded', [row('trainer', 'succeeded'), ...many(11)]],
    [
      '✅ Built 2 images, 1 reused, and compiled the pipeline',
      'succeeded',
      [row('a', 'succeeded'), row('b', 'succeeded'), reused('c'), compiled],
    ],
    [
      '✅ Reused 12 images, and compiled and published the pipeline',
      'succeeded',
      [...many(12), compiled, published],
    ],
    ['✅ Reused 1 image and compiled the pipeline', 'succeeded', [reused('a'), compiled]],
    [
      '⏳ Queued: no step has started yet',
      'running',
      [reused('a'), row('b', 'pending'), row('compile', 'pending', { kind: 'compile' })],
    ],
    ['🔨 Building trainer: 11 reused', 'running', [...many(11), row('trainer', 'running')]],
    [
      '🔨 Building 2 images: 1 done, 3 reused',
      'running',
      [...many(3), row('a', 'succeeded'), row('b', 'running')],
    ],
    [
      '❌ 3 of 4 images failed',
      'failed',
      [...many(8), ...['a', 'b', 'c'].map((name) => row(name, 'failed')), row('d', 'succeeded')],
    ],
  ];
  for (const [expected, state, rows] of headings) {
    it(`says "${expected}"`, () => {
      const { emoji, text } = headline(build(state, rows));
      expect(`${emoji} ${text}`).to.equal(expected);
    });
  }

  it('have their digest, and the commit that they are unchanged since', () => {
    const body = bodyOf(build('succeeded', [reused('a'), reused('b_c', { revision: undefined as never })]));
    const commit = `https://github.com/acme/churn/commit/${REVISION}`;
    expect(body).to.include(
      `| **a** | ♻️&nbsp;reused |  | \`sha256:1a2b3c4d1a2b\`, unchanged since [\`abc1234\`](${commit}) |`,
    );
    expect(body).to.include('| **b\\_c** | ♻️&nbsp;reused |  | `sha256:1a2b3c4d1a2b`, unchanged |');
    expect(body).to.include('2 images by digest');
    expect(checkReport(build('succeeded', [reused('a')]), CONTEXT).summary).to.include(
      `unchanged since [\`abc1234\`](${commit})`,
    );
  });

  it('come last where not all have a row, and are counted', () => {
    const rows = [...many(60), row('trainer', 'succeeded'), row('broken', 'failed')];
    const [kept] = fit(stateOf(build('failed', rows)), LEVELS[0]!).builds;
    expect(kept!.rows.slice(0, 3).map(({ name }) => name)).to.deep.equal(['broken', 'trainer', 'image-0']);
    expect(kept!.others).to.deep.equal({ reused: 52 });
    expect(othersText(kept!.others!)).to.equal('52 others, all reused');
  });

  it('share a box of the picture for which nothing waits', () => {
    const shown = picture(
      build('running', [
        ...many(11),
        row('base', 'running'),
        row('trainer', 'pending', { buildsOn: ['base', 'image-3'] }),
        row('compile', 'pending', { kind: 'compile' }),
      ]),
    )!;
    expect(shown.split('\n').slice(0, 7)).to.deep.equal([
      'flowchart LR',
      '  n0["#9679; base"]:::running',
      '  n1["#9675; trainer"]:::waiting',
      '  n2["#8634; 11 reused"]:::reused',
      '  n3(["#9675; compile"]):::waiting',
      '  n0 --> n1',
      '  n1 --> n3',
    ]);
    expect(shown).to.include('classDef reused').and.not.include('n2 -->');
  });

  it('an image that is left out names the image that failed', () => {
    const result: WorkflowResult = {
      name: 'w',
      phase: 'failed',
      images: [
        {
          name: 'server',
          repository: 'r.example/server',
          state: 'reused',
          attempts: 0,
          digest: DIGEST,
          revision: REVISION,
        },
        {
          name: 'trainer',
          repository: 'r.example/trainer',
          state: 'omitted',
          attempts: 0,
          buildsOn: ['base'],
          failedBase: 'base',
        },
      ],
    };
    const shown = withResult(build('running', []), result, { redact: (text) => text });
    expect(shown.rows).to.deep.equal([
      reused('server'),
      row('trainer', 'omitted', { buildsOn: ['base'], failedBase: 'base' }),
    ]);
    expect(bodyOf(shown)).to.include('| **trainer** | ⏭️&nbsp;not&nbsp;built |  | base failed |');
  });

  it('are kept in the comment, and comments of earlier versions are read', () => {
    const rows = [reused('a'), row('b', 'omitted', { buildsOn: ['x'], failedBase: 'x' })];
    const state = stateOf(build('failed', rows, { others: { reused: 3, succeeded: 1 } }));
    expect(readMarker(writeMarker(state))).to.deep.equal({ kind: 'state', state });
    // As the version before wrote it.
    const old = {
      builds: [build('failed', [row('a', 'succeeded'), row('b', 'omitted')], { others: { omitted: 2 } })],
      approved: [],
    };
    const packed = deflateRawSync(JSON.stringify(old), { level: 9 }).toString('base64url');
    expect(readMarker(`<!-- kfops:1:${packed} -->`)).to.deep.equal({ kind: 'state', state: old });
  });

  it('threat 28: a commit in a comment is one, or the comment is not read', () => {
    for (const revision of ['abc1234', `${REVISION}/x`, 'main'])
      expect(readMarker(writeMarker(stateOf(build('failed', [reused('a', { revision })])))).kind).to.equal(
        'unreadable',
      );
  });
});
