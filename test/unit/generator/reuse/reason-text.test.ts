import { expect } from 'chai';
import fc from 'fast-check';

import type { BuildReason, ImageDecision } from '../../../../generator/reuse/decision.js';
import { AS_CODE, decisionText, isDecided } from '../../../../generator/reuse/reason-text.js';
import { markdownProse } from '../../../../templates/escape.js';

const REVISION = 'abc1234def0123456789abcdef0123456789abcd';
const DIGEST = `sha256:${'a'.repeat(64)}`;

function text(reason: BuildReason, style = {}): string {
  return decisionText({ action: 'build', reason }, style);
}

describe('generator/reuse/reason-text', () => {
  const texts: readonly (readonly [string, BuildReason])[] = [
    ['--force', { kind: 'forced' }],
    ['not in the registry', { kind: 'absent' }],
    ['1 file changed since the base branch: train.py', { kind: 'files', files: ['train.py'] }],
    [
      '3 files changed since the base branch: requirements.txt, train.py, …',
      { kind: 'files', files: ['requirements.txt', 'train.py', 'x.py'] },
    ],
    ['build argument PYTHON changed', { kind: 'option', option: 'build argument PYTHON' }],
    ['base python:3.11-slim has a new digest', { kind: 'base-moved', base: 'python:3.11-slim' }],
    ['builds on trainer-base, which is built', { kind: 'base-built', image: 'trainer-base' }],
    ['trainer-base, which it builds on, was built again', { kind: 'base-rebuilt', image: 'trainer-base' }],
    ['the digest of base a is unknown', { kind: 'base-unknown', base: 'a', why: 'b timed out' }],
    ['can’t look it up in the registry', { kind: 'registry', why: 'ghcr.io timed out' }],
    ['label has another key', { kind: 'label' }],
    ['the image in the registry has no label of Kfops', { kind: 'no-label' }],
    ['older than 7 days', { kind: 'age', rebuildAfter: 604_800 }],
    ['older than 36 hours', { kind: 'age', rebuildAfter: 129_600 }],
    ['older than 1 minute', { kind: 'age', rebuildAfter: 60 }],
    ['older than 61 seconds', { kind: 'age', rebuildAfter: 61 }],
    ['its age is unknown', { kind: 'age-unknown' }],
    ['the registry wasn’t asked', { kind: 'not-asked' }],
  ];
  for (const [expected, reason] of texts) {
    it(`says "${expected}"`, () => {
      expect(text(reason)).to.equal(expected);
    });
  }

  it('says why a registry gave no answer where there is room', () => {
    expect(text({ kind: 'registry', why: 'ghcr.io timed out' }, { why: true })).to.equal(
      'can’t look it up in the registry: ghcr.io timed out',
    );
    expect(text({ kind: 'base-unknown', base: 'a', why: 'b timed out' }, { why: true })).to.equal(
      'the digest of base a is unknown: b timed out',
    );
  });

  it('says since which commit an image is unchanged, where that is known', () => {
    const reuse: ImageDecision = { action: 'reuse', digest: DIGEST };
    expect(decisionText({ ...reuse, revision: REVISION })).to.equal('unchanged since abc1234');
    expect(decisionText(reuse)).to.equal('unchanged');
    expect(decisionText({ ...reuse, revision: REVISION }, AS_CODE)).to.equal('unchanged since `abc1234`');
  });

  it('given texts are code in Markdown, whatever they hold', () => {
    const files = ['a`b @octocat`c', '{{x}}'];
    const prose = markdownProse(text({ kind: 'files', files }, AS_CODE), true);
    expect(prose).to.equal('2 files changed since the base branch: `a’b @octocat’c`, `{{x}}`');
  });

  it('is short, however long what it names is', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 3_000, unit: 'binary' }), { maxLength: 20 }), (files) => {
        const long = files.join('');
        for (const reason of [
          { kind: 'files', files },
          { kind: 'option', option: long },
          { kind: 'base-moved', base: long },
          { kind: 'base-unknown', base: long, why: long },
        ] as const)
          expect(text(reason, { why: true })).to.have.length.below(400);
      }),
    );
    expect(text({ kind: 'files', files: [`${'deep/'.repeat(100)}train.py`] })).to.match(/: ….{92}train\.py$/);
  });

  it('a plan for which no registry was asked has no reasons', () => {
    expect(isDecided({ action: 'build', reason: { kind: 'not-asked' } })).to.equal(false);
    expect(isDecided({ action: 'build', reason: { kind: 'forced' } })).to.equal(true);
    expect(isDecided({ action: 'reuse', digest: DIGEST })).to.equal(true);
  });
});
