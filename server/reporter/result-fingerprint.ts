import { createHash } from 'node:crypto';

import { stepsOf, type WorkflowResult } from '../../generator/results/result.js';

/**
 * A short hash that is equal if two states of a workflow have the same report. It has 20 characters even for 500 steps,
 * so the reporter needn't keep results.
 */
export function resultFingerprint(result: WorkflowResult): string {
  const steps = stepsOf(result).map(({ label, step }) => [
    label,
    step.state,
    step.digest,
    step.waiting?.reason,
    step.failure?.reason,
  ]);
  const text = JSON.stringify([result.phase, result.stopping, result.problem, result.tags?.warnings, steps]);
  return createHash('sha256').update(text).digest('base64url').slice(0, 20);
}
