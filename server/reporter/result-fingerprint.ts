import { createHash } from 'node:crypto';

import { stepsOf, type WorkflowResult } from '../../generator/results/result.js';

/**
 * Tells whether two looks at a workflow would be told alike. Of a workflow of 500 steps it is 20 characters, so that
 * no result need be kept.
 */
export function resultFingerprint(result: WorkflowResult): string {
  const steps = stepsOf(result).map(({ label, step }) => [
    label,
    step.state,
    step.digest,
    step.waiting?.reason,
    step.failure?.reason,
  ]);
  const text = JSON.stringify([result.phase, result.stopping, result.problem, steps]);
  return createHash('sha256').update(text).digest('base64url').slice(0, 20);
}
