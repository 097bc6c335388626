import { randomBytes } from 'node:crypto';

import { connectCluster } from '../../../argo/client.js';
import { explainedResult, stepLog } from '../../../argo/logs.js';
import type { ObservedWorkflow } from '../../../argo/observed.js';
import { workflowRunner } from '../../../argo/runner.js';
import { workflowResult } from '../../../argo/status.js';
import type { StepResult, WorkflowResult } from '../../../generator/result.js';
import { watchWorkflow } from '../../../argo/watch.js';
import type { ContextSource } from '../../../generator/ports.js';
import { run, type RunRequest, type RunResult } from '../../../generator/run.js';
import { defaultSettings, type Settings } from '../../../schema/index.js';
import { minioStore } from '../../../stores/minio.js';
import { environment, NAMESPACE } from './environment.js';
import { record } from './record.js';

export const client = connectCluster({ kubeconfig: environment.kubeconfig });
export const admin = connectCluster({ kubeconfig: environment.adminKubeconfig ?? environment.kubeconfig });

/** Settings that differ from the defaults only in what the node has: its Kaniko, and a shell for the last steps. */
export function testSettings(): Settings {
  const settings = defaultSettings();
  settings.kaniko.image = environment.kanikoImage;
  settings.compiler.image = 'docker.io/library/busybox:1.36';
  return settings;
}

/** A name that no other run of the tests has. */
export function uniqueName(prefix: string): string {
  return `${prefix}-${randomBytes(4).toString('hex')}`;
}

export function store(bucket: string): ReturnType<typeof minioStore> {
  return minioStore({ ...environment.minio, secure: false, bucket });
}

/** Uploads, submits: what `kfops build` does. */
export function submit(source: ContextSource, request: Partial<RunRequest> = {}): Promise<RunResult> {
  return run(
    { settings: testSettings(), name: uniqueName('test'), ...request },
    {
      source,
      openStore: (_, plan) => Promise.resolve(store(plan.objectStore.bucket)),
      runner: workflowRunner(client),
    },
  );
}

/** A workflow at its end. */
export interface Finished {
  readonly workflow: ObservedWorkflow;
  readonly result: WorkflowResult;
}

/** Watches a workflow to its end, and reads the reasons of what failed. */
export async function finish(name: string): Promise<Finished> {
  let last: ObservedWorkflow | undefined;
  for await (const seen of watchWorkflow(client, NAMESPACE, name)) {
    if (seen.kind === 'gone') throw new Error(`the workflow ${name} is gone`);
    last = seen.workflow;
  }
  if (last === undefined) throw new Error(`nothing was seen of ${name}`);
  return { workflow: last, result: await explainedResult(client, last) };
}

/** Watches a workflow until its result is like this. */
export async function until(name: string, reached: (result: WorkflowResult) => boolean): Promise<Finished> {
  for await (const seen of watchWorkflow(client, NAMESPACE, name)) {
    if (seen.kind === 'gone') throw new Error(`the workflow ${name} is gone`);
    const result = workflowResult(seen.workflow);
    if (reached(result)) return { workflow: seen.workflow, result };
  }
  throw new Error(`the workflow ${name} ended before that`);
}

/** {@link submit} and {@link finish}; `recording` names the fixture that KFOPS_RECORD=1 writes. */
export async function build(
  source: ContextSource,
  request: Partial<RunRequest> = {},
  recording?: string,
): Promise<Omit<RunResult, 'workflow'> & Finished> {
  const submitted = await submit(source, request);
  const finished = await finish(submitted.submitted.name);
  if (recording !== undefined) await record(recording, finished);
  return { ...submitted, ...finished };
}

/** All that a step printed. */
export async function logOf(step: StepResult | undefined): Promise<string> {
  const lines: string[] = [];
  for await (const line of stepLog(client, NAMESPACE, step?.pod ?? '')) lines.push(line);
  return lines.join('\n');
}
