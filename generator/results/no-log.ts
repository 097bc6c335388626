import { unchangedText } from '../reuse/reason-text.js';
import type { NamedStep } from './result.js';

/**
 * Why a step has no log, as a sentence without its full stop. It quotes what Argo says of the step.
 *
 * @param status - of Kubernetes' refusal to give the log of its pod: 404 if the pod is gone, 400 if its container has not
 *   started; absent: the step has no pod
 */
export function whyNoLog({ label, step }: NamedStep, status?: 400 | 404): string {
  if (status !== undefined) return `${label} has no log: ${withPod(step, status)}`;
  const { state, revision, failedBase } = step;
  if (state === 'reused') return `${label} needed no build: ${unchangedText(revision)}`;
  if (failedBase !== undefined) return `${label} has no log: it was not built, as ${failedBase} failed`;
  return `${label} has no log: it ${WITHOUT_POD[state]}`;
}

function withPod({ failure, waiting }: NamedStep['step'], status: 400 | 404): string {
  const cause = waiting ?? failure;
  const hasStarted = cause?.kind !== 'image_pull' && cause?.kind !== 'unschedulable';
  if (!hasStarted) return `its pod ${status === 404 ? 'never' : 'has not'} started: ${cause.reason}`;
  return status === 404
    ? 'its pod is gone: it was cleaned up, or never started'
    : 'its container has not started';
}

const WITHOUT_POD = {
  pending: 'has not begun',
  running: 'has no pod yet',
  succeeded: 'was taken over from an earlier build',
  failed: 'failed before it had a pod',
  omitted: 'was not run',
  stopped: 'was stopped before it began',
} as const;
