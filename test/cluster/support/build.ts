import { randomBytes } from 'node:crypto';

import { stringify } from 'yaml';

import { connectCluster } from '../../../argo/client/client.js';
import { explainedResult, stepLog } from '../../../argo/logs/logs.js';
import type { ObservedWorkflow } from '../../../argo/status/observed.js';
import { workflowResult } from '../../../argo/status/status.js';
import { watchWorkflow } from '../../../argo/watch/watch.js';
import { workflowRunner } from '../../../argo/workflows/runner.js';
import type { ContextSource, ImageRegistries } from '../../../generator/ports.js';
import type { StepResult, WorkflowResult } from '../../../generator/results/result.js';
import { run, type RunPorts, type RunRequest, type RunResult } from '../../../generator/run.js';
import { defaultSettings, type Settings } from '../../../schema/index.js';
import { minioStore } from '../../../stores/minio.js';
import { environment, NAMESPACE } from './environment.js';
import { record } from './record.js';

export const client = connectCluster({ kubeconfig: environment.kubeconfig });
export const admin = connectCluster({ kubeconfig: environment.adminKubeconfig ?? environment.kubeconfig });

/** Settings that differ from the defaults only in what the node has: its images, and Kubeflow Pipelines if that is asked for. */
export function testSettings(kfp?: Pick<NonNullable<Settings['kfp']>, 'endpoint'>): Settings {
  const settings = defaultSettings();
  settings.kaniko.image = environment.kanikoImage;
  settings.compiler.image = environment.compilerImage;
  settings.kfops.image = environment.kfopsImage;
  if (kfp) settings.kfp = { audience: 'pipelines.kubeflow.org', ...kfp };
  return settings;
}

/** {@link testSettings} as the file that the command reads. */
export function settingsFile(kfp?: Pick<NonNullable<Settings['kfp']>, 'endpoint'>): string {
  const { kaniko, compiler, kfops } = testSettings();
  return stringify({
    kaniko: { image: kaniko.image },
    compiler: { image: compiler.image },
    kfops: { image: kfops.image },
    argo: { url: 'https://argo.example' },
    ...(kfp && { kfp }),
  });
}

/** A name that no other run of the tests has. */
export function uniqueName(prefix: string): string {
  return `${prefix}-${randomBytes(4).toString('hex')}`;
}

export function store(bucket: string): ReturnType<typeof minioStore> {
  return minioStore({ ...environment.minio, secure: false, bucket });
}

/** What a test asks for, with the settings of the node and a name of its own. */
export function requestOf(request: Partial<RunRequest> = {}): RunRequest {
  return { settings: testSettings(), name: uniqueName('test'), ...request };
}

/** The node's store and cluster; without `registries`, all images are built. */
export function portsOf(source: ContextSource, registries?: ImageRegistries): RunPorts {
  return {
    source,
    ...(registries && { registries }),
    openStore: (_, plan) => Promise.resolve(store(plan.objectStore.bucket)),
    runner: workflowRunner(client),
  };
}

/** Uploads, submits: what `kfops build` does; without `registries`, all images are built. */
export function submit(
  source: ContextSource,
  request: Partial<RunRequest> = {},
  registries?: ImageRegistries,
): Promise<RunResult> {
  return run(requestOf(request), portsOf(source, registries));
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

/** The images that the code of a test's pipeline was given, as it printed them. */
export function imagesGiven(log: string): unknown {
  return JSON.parse(/^images: (.*)$/m.exec(log)?.[1] ?? 'null');
}
