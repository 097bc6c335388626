import { expect } from 'chai';

import type { WorkflowResult } from '../../../../generator/results/result.js';
import { resultFingerprint } from '../../../../server/reporter/result-fingerprint.js';

const RESULT: WorkflowResult = {
  name: 'w',
  phase: 'running',
  images: [{ name: 'a', repository: 'r.example/a', state: 'running', attempts: 1 }],
};
const tags = { state: 'succeeded', attempts: 1, warnings: [] } as const;

describe('the fingerprint of a result', () => {
  const before = resultFingerprint({ ...RESULT, tags });

  it('is the same for the same report', () => {
    expect(resultFingerprint({ ...RESULT, tags: { ...tags, startedAt: new Date() } })).to.equal(before);
    expect(before).to.have.length(20);
  });

  const changes: Readonly<Record<string, Partial<WorkflowResult>>> = {
    'the phase': { phase: 'failed' },
    'a problem': { problem: 'x' },
    'the state of the step that tags images': { tags: { ...tags, state: 'running' } },
    'what it could not do': { tags: { ...tags, warnings: ['x'] } },
  };
  for (const [what, change] of Object.entries(changes))
    it(`changes with ${what}`, () => {
      expect(resultFingerprint({ ...RESULT, tags, ...change })).to.not.equal(before);
    });
});
