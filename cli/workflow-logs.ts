import { KubernetesError } from '../argo/client/errors.js';
import { stepLog } from '../argo/logs/logs.js';
import { workflowResult } from '../argo/status/status.js';
import { workflowWatcher } from '../argo/watch/watcher.js';
import { readWorkflow } from '../argo/workflows/read.js';
import { whyNoLog } from '../generator/results/no-log.js';
import { stepsOf, type NamedStep, type WorkflowResult } from '../generator/results/result.js';
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
    for (const named of reused) say(session, whyNoLog(named));
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
    if (!several) say(session, whyNoLog({ label, step }));
    return;
  }
  const lead = several ? `${session.style.dim(`${label} |`)} ` : '';
  try {
    for await (const line of stepLog(client, namespace, step.pod, { follow, signal: io.interrupted }))
      io.stdout.write(`${io.stdout.isTTY === true ? lead : several ? `${label} | ` : ''}${logLine(line)}\n`);
  } catch (error) {
    if (!(error instanceof KubernetesError) || (error.status !== 404 && error.status !== 400)) throw error;
    say(session, whyNoLog({ label, step }, error.status));
  }
}
