import { KubernetesError } from '../argo/client/errors.js';
import { stepLog } from '../argo/logs/logs.js';
import { workflowResult } from '../argo/status/status.js';
import { workflowWatcher } from '../argo/watch/watcher.js';
import { readWorkflow } from '../argo/workflows/read.js';
import { stepsOf, type NamedStep, type WorkflowResult } from '../generator/results/result.js';
import { unchangedText } from '../generator/reuse/reason-text.js';
import { WorkError } from '../schema/errors.js';
import { suggest } from '../common/suggest.js';
import type { OpenedCluster } from './cluster.js';
import { logLine } from './output/log-line.js';
import { type Session, say } from './session.js';

/**
 * Prints what the steps of a workflow have printed so far: of one of them plainly, of all with its name in each line.
 *
 * @throws WorkError when there is no such workflow or step
 */
export async function printLogs(
  session: Session,
  { client, namespace }: OpenedCluster,
  name: string,
  only: string | undefined,
): Promise<void> {
  const result = workflowResult(await readWorkflow(client, namespace, name, session.io.interrupted));
  const steps = chosen(result, only);
  for (const named of steps) await printStep(session, { client, namespace }, named, steps.length > 1, false);
}

/** As {@link printLogs}, and continues until the workflow ends. */
export async function followLogs(
  session: Session,
  { client, namespace }: OpenedCluster,
  name: string,
  only: string | undefined,
): Promise<void> {
  await readWorkflow(client, namespace, name, session.io.interrupted);
  const printing = new Map<string, Promise<void>>();
  for await (const result of workflowWatcher(client, namespace).watch(name, session.io.interrupted)) {
    const steps = chosen(result, only);
    for (const named of steps) {
      const { pod, state } = named.step;
      if (pod === undefined || state === 'pending' || printing.has(pod)) continue;
      printing.set(pod, printStep(session, { client, namespace }, named, steps.length > 1, true));
    }
    if (only === undefined) continue;
    const reused = steps.filter(({ step }) => step.state === 'reused');
    for (const { label, step } of reused) say(session, withoutPod(label, step));
    if (reused.length > 0 || steps.every(({ step }) => step.finishedAt !== undefined)) break;
  }
  await Promise.all(printing.values());
}

/** @throws WorkError that names the steps there are */
function chosen(result: WorkflowResult, only: string | undefined): readonly NamedStep[] {
  const all = stepsOf(result);
  if (only === undefined) return all;
  const step = all.find(({ label }) => label === only);
  if (step) return [step];
  // A workflow that was just submitted or is gone may tell of no step at all.
  if (result.phase === 'unknown') return [];
  const labels = all.map(({ label }) => label);
  const near = suggest(only, labels);
  throw new WorkError(
    `the workflow ${result.name} has no step ${only}`,
    near === undefined ? `It has ${labels.slice(0, 12).join(', ')}.` : `Did you mean ${near}?`,
  );
}

async function printStep(
  session: Session,
  { client, namespace }: Pick<OpenedCluster, 'client' | 'namespace'>,
  { label, step }: NamedStep,
  several: boolean,
  follow: boolean,
): Promise<void> {
  const { io } = session;
  if (step.pod === undefined) {
    if (!several) say(session, withoutPod(label, step));
    return;
  }
  const lead = several ? `${session.style.dim(`${label} |`)} ` : '';
  try {
    for await (const line of stepLog(client, namespace, step.pod, { follow, signal: io.interrupted }))
      io.stdout.write(`${io.stdout.isTTY === true ? lead : several ? `${label} | ` : ''}${logLine(line)}\n`);
  } catch (error) {
    if (!(error instanceof KubernetesError) || (error.status !== 404 && error.status !== 400)) throw error;
    say(session, `${label} has no log: ${whyNone(step, error.status)}`);
  }
}

/** Why there is no log of a step that had a pod: 404 where that is gone, 400 where its container did not start. */
function whyNone({ failure, waiting }: NamedStep['step'], status: number): string {
  const cause = waiting ?? failure;
  const hasStarted = cause?.kind !== 'image_pull' && cause?.kind !== 'unschedulable';
  if (!hasStarted) return `its pod ${status === 404 ? 'never' : 'has not'} started: ${cause.reason}`;
  return status === 404
    ? 'its pod is gone: it was cleaned up, or never started'
    : 'its container has not started';
}

function withoutPod(label: string, { state, revision, failedBase }: NamedStep['step']): string {
  if (state === 'reused') return `${label} needed no build: ${unchangedText(revision)}`;
  if (failedBase !== undefined) return `${label} has no log: it was not built, as ${failedBase} failed`;
  return `${label} has no log: it ${WITHOUT_POD[state]}`;
}

const WITHOUT_POD = {
  pending: 'has not begun',
  running: 'has no pod yet',
  succeeded: 'was taken over from an earlier build',
  failed: 'failed before it had a pod',
  omitted: 'was not run',
  stopped: 'was stopped before it began',
} as const;
