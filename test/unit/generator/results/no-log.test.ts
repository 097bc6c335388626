import { expect } from 'chai';

import { whyNoLog } from '../../../../generator/results/no-log.js';
import type { NamedStep } from '../../../../generator/results/result.js';

function named(step: Partial<NamedStep['step']>): NamedStep {
  return { label: 'trainer', step: { state: 'failed', attempts: 1, ...step } };
}

const UNSCHEDULABLE = { kind: 'unschedulable', reason: 'no node has 8 CPUs', nextStep: '' } as const;

describe('why a step has no log', () => {
  const cases: readonly (readonly [string, Partial<NamedStep['step']>, (400 | 404)?])[] = [
    [
      'trainer needed no build: unchanged since 1234567',
      { state: 'reused', revision: '1234567890'.repeat(4) },
    ],
    ['trainer has no log: it was not built, as base failed', { state: 'omitted', failedBase: 'base' }],
    ['trainer has no log: it has not begun', { state: 'pending' }],
    ['trainer has no log: it was taken over from an earlier build', { state: 'succeeded' }],
    ['trainer has no log: its pod is gone: it was cleaned up, or never started', {}, 404],
    ['trainer has no log: its container has not started', { state: 'running' }, 400],
    [
      'trainer has no log: its pod has not started: no node has 8 CPUs',
      { state: 'pending', waiting: UNSCHEDULABLE },
      400,
    ],
    ['trainer has no log: its pod never started: no node has 8 CPUs', { failure: UNSCHEDULABLE }, 404],
  ];
  for (const [text, step, status] of cases) {
    it(text, () => {
      expect(whyNoLog(named(step), status)).to.equal(text);
    });
  }
});
