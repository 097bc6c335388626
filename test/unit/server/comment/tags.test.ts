import { deflateRawSync } from 'node:zlib';

import { expect } from 'chai';

import type { TagStepResult, WorkflowResult } from '../../../../generator/results/result.js';
import { renderStatusAnswer } from '../../../../server/comment/answers.js';
import { checkReport } from '../../../../server/comment/check.js';
import { readMarker, writeMarker } from '../../../../server/comment/marker.js';
import { picture } from '../../../../server/comment/picture.js';
import { MAX_COMMENT, renderComment } from '../../../../server/comment/render.js';
import { withResult } from '../../../../server/comment/result.js';
import type { Build, StepRow } from '../../../../server/comment/state.js';
import { accepted } from '../../../../server/comment/transitions.js';
import { headline } from '../../../../server/comment/words.js';
import { build, CONTEXT, request, row, stateOf } from '../../../support/conversation.js';

const WARNING = '`trainer` did not get the tag `v1`: REPO *refused* it. Build again.';
const SHOWN = '- ⚠️ `trainer` did not get the tag `v1`: REPO \\*refused\\* it. Build again.';
const LINKS = { redact: (text: string): string => text };

const step: TagStepResult = { task: 'tag-images', state: 'succeeded', attempts: 1, warnings: [WARNING] };
const result: WorkflowResult = {
  name: 'w',
  phase: 'succeeded',
  images: [{ name: 'trainer', repository: 'r.example/trainer', state: 'reused', attempts: 0 }],
  tags: step,
  compile: { state: 'succeeded', attempts: 1 },
};
const tagRow = (state: StepRow['state']): StepRow => row('tag', state, { kind: 'tag' });
const stepRow = (kind: 'compile' | 'publish', state: StepRow['state']): StepRow => row(kind, state, { kind });

describe('server/comment: tags of images', () => {
  const shown = withResult(build('running', []), result, LINKS);

  it('are a row before the pipeline, and sentences', () => {
    expect(shown.rows).to.deep.equal([
      row('trainer', 'reused'),
      tagRow('succeeded'),
      stepRow('compile', 'succeeded'),
    ]);
    expect(shown.tagWarnings).to.deep.equal([WARNING]);
  });

  it('are shown in the comment, in the check and in the answer to /status', () => {
    const { body } = renderComment(stateOf(shown), CONTEXT);
    expect(body.split('\n')).to.include(SHOWN);
    expect(body).to.include('| **tag** | ✅&nbsp;done |');
    expect(checkReport(shown, CONTEXT).summary.split('\n')).to.include(SHOWN);
    expect(renderStatusAnswer(shown, CONTEXT).split('\n')).to.include(SHOWN);
  });

  it('are not told where all worked, also after they did not', () => {
    const fine = withResult(shown, { ...result, tags: { ...step, warnings: [] } }, LINKS);
    expect(fine).to.not.have.property('tagWarnings');
    expect(renderComment(stateOf(fine), CONTEXT).body).to.not.include('⚠️');
  });

  it('are kept in the comment, and comments of earlier versions are read', () => {
    const state = stateOf(shown);
    expect(readMarker(writeMarker(state))).to.deep.equal({ kind: 'state', state });
    // As the version before wrote it.
    const old = {
      builds: [build('succeeded', [row('trainer', 'succeeded'), stepRow('compile', 'succeeded')])],
      approved: [],
    };
    const packed = deflateRawSync(JSON.stringify(old), { level: 9 }).toString('base64url');
    expect(readMarker(`<!-- kfops:1:${packed} -->`)).to.deep.equal({ kind: 'state', state: old });
    expect(renderComment(old, CONTEXT).body).to.include('Built trainer and compiled the pipeline');
  });

  it('fit into a comment, however many there are', () => {
    const tagWarnings = Array.from({ length: 1000 }, (_, at) => `${at} ${'x*'.repeat(900)}`);
    const rendered = renderComment(stateOf({ ...shown, tagWarnings }), CONTEXT);
    expect(rendered.body.length).to.be.at.most(MAX_COMMENT);
    expect(rendered.body).to.include('- ⚠️ 0 x');
  });

  it('are not kept of an earlier build', () => {
    const { builds } = accepted(stateOf(shown), request(2));
    expect(builds.map(({ state }) => state)).to.deep.equal(['accepted', 'succeeded']);
    expect(builds[1]).to.not.have.property('tagWarnings');
  });

  it('have no box in the picture: nothing waits for them', () => {
    const base = [row('a', 'running'), row('b', 'pending')];
    const pipeline = stepRow('compile', 'pending');
    expect(picture(build('running', [...base, tagRow('running'), pipeline]))).to.equal(
      picture(build('running', [...base, pipeline])),
    );
  });

  const headings: readonly (readonly [string, Build['state'], readonly StepRow[]])[] = [
    [
      '🔨 Building 2 images: 1 done',
      'running',
      [row('a', 'succeeded'), row('b', 'running'), tagRow('running')],
    ],
    [
      '🔨 Compiling the pipeline',
      'running',
      [row('a', 'reused'), tagRow('running'), stepRow('compile', 'running')],
    ],
    [
      '🔨 Setting and checking tags',
      'running',
      [row('a', 'reused'), tagRow('running'), stepRow('compile', 'succeeded')],
    ],
    [
      '🔨 Working on the pipeline',
      'running',
      [row('a', 'reused'), tagRow('running'), stepRow('compile', 'pending')],
    ],
    [
      '❌ The step that tags images failed',
      'failed',
      [row('a', 'succeeded'), tagRow('failed'), stepRow('compile', 'succeeded')],
    ],
    [
      '❌ The pipeline did not compile',
      'failed',
      [row('a', 'succeeded'), tagRow('failed'), stepRow('compile', 'failed')],
    ],
    [
      '✅ Reused 1 image and compiled the pipeline',
      'succeeded',
      [row('a', 'reused'), tagRow('succeeded'), stepRow('compile', 'succeeded')],
    ],
  ];
  for (const [expected, state, rows] of headings)
    it(`says "${expected}"`, () => {
      const { emoji, text } = headline(build(state, rows));
      expect(`${emoji} ${text}`).to.equal(expected);
    });
});
