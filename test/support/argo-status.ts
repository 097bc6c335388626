import { createHash } from 'node:crypto';

import type {
  ObservedStatus,
  ObservedTask,
  ObservedWorkflow,
  WorkflowNode,
} from '../../argo/status/observed.js';
import { checkedOutput } from '../../generator/workflow/step-output.js';
import type { ApiObject, Collection } from '../fixtures/kubernetes-store.js';

/** A task's phase, by its name. */
export type TaskPhases = Readonly<Record<string, string>>;

/** A digest as a build would report it. */
export function digestOf(task: string): string {
  return `sha256:${createHash('sha256').update(task).digest('hex')}`;
}

/** The pod of a task, as Argo would name it. */
export function podOf(workflow: string, template: string, task: string): string {
  return `${workflow}-${template}-${idOf(task)}`;
}

/**
 * The status that Argo would write: a node for each task that has a phase. Tasks that build report a digest.
 *
 * @param all - phase of the tasks that `tasks` does not name; absent: they have not begun
 */
export function argoStatus(
  workflow: Pick<ObservedWorkflow, 'metadata' | 'spec'>,
  phase: string,
  tasks: TaskPhases = {},
  all?: string,
): ObservedStatus {
  const { name } = workflow.metadata;
  const ended = ['Succeeded', 'Failed', 'Error'].includes(phase);
  const nodes = (workflow.spec.templates ?? [])
    .flatMap(({ dag }) => dag?.tasks ?? [])
    .flatMap((task) => nodeOf(name, task, tasks[task.name] ?? all));
  return {
    phase,
    startedAt: '2026-11-22T20:00:00Z',
    ...(ended && { finishedAt: '2026-11-22T20:05:00Z' }),
    nodes: Object.fromEntries(nodes.map((node) => [node.id, node])),
  };
}

/** Writes a status as Argo's controller does, its labels too. */
export function setStatus(workflows: Collection, name: string, status: ObservedStatus): void {
  const there = workflows.objects.get(name);
  if (there === undefined) throw new Error(`there is no workflow ${name}`);
  const { phase = 'Pending', finishedAt } = status;
  const labels = {
    ...there.metadata.labels,
    'workflows.argoproj.io/phase': phase,
    ...(finishedAt && { 'workflows.argoproj.io/completed': 'true' }),
  };
  workflows.replace({ ...there, metadata: { ...there.metadata, labels }, status });
}

/** Brings a workflow of the stand-in to a state, as Argo would. */
export function argoBrings(
  workflows: Collection,
  name: string,
  phase: string,
  tasks: TaskPhases = {},
  all?: string,
): void {
  const there = workflows.objects.get(name) as ObservedWorkflow | undefined;
  if (there === undefined) throw new Error(`there is no workflow ${name}`);
  setStatus(workflows, name, argoStatus(there, phase, tasks, all));
}

/** What a workflow of the server looks like, as far as its report goes by it. */
export function serverWorkflow(
  name: string,
  { pullRequest = 17, comments = [1], images = ['one', 'two'], repositoryId = 7 } = {},
): ApiObject {
  const builds = images.map((image) => ({ name: `build-${image}`, template: 'kaniko' }));
  const references = Object.fromEntries(
    images.map((image) => [
      image,
      `registry.example/${image}@${checkedOutput({ task: `build-${image}`, parameter: 'digest' }, 'digest')}`,
    ]),
  );
  const compile = {
    name: 'compile-pipeline',
    template: 'compile-pipeline',
    arguments: { parameters: [{ name: 'images', value: JSON.stringify(references) }] },
  };
  return {
    metadata: {
      name,
      labels: {
        'app.kubernetes.io/managed-by': 'kfops',
        'kfops.dev/pull-request': String(pullRequest),
        'kfops.dev/commit': '1a2b3c4d5e6f1a2b3c4d5e6f1a2b3c4d5e6f1a2b',
        'kfops.dev/request': 'abc',
      },
      annotations: {
        'kfops.dev/repository-id': String(repositoryId),
        'kfops.dev/repository': 'acme/churn',
        'kfops.dev/comments': JSON.stringify(comments),
        'kfops.dev/verb': 'build',
        'kfops.dev/requested-by': 'octocat',
        'kfops.dev/attempt': '1',
      },
    },
    spec: {
      templates: [
        { name: 'main', dag: { tasks: [...builds, compile] } },
        { name: 'kaniko', container: {} },
        { name: 'compile-pipeline', container: {} },
      ],
    },
  };
}

function nodeOf(workflow: string, task: ObservedTask, phase: string | undefined): WorkflowNode[] {
  if (phase === undefined) return [];
  const { name, template = '' } = task;
  const done = phase === 'Succeeded' && template === 'kaniko';
  return [
    {
      id: `${workflow}-${idOf(name)}`,
      name: `${workflow}.${name}`,
      displayName: name,
      type: phase === 'Omitted' ? 'Skipped' : 'Pod',
      templateName: template,
      phase,
      startedAt: '2026-11-22T20:00:00Z',
      ...(phase === 'Failed' && { message: 'main: Error (exit code 1)' }),
      ...(['Succeeded', 'Failed', 'Error'].includes(phase) && { finishedAt: '2026-11-22T20:04:00Z' }),
      ...(done && { outputs: { exitCode: '0', parameters: [{ name: 'digest', value: digestOf(name) }] } }),
    },
  ];
}

/** The number with which Argo's names of nodes and pods end. */
function idOf(task: string): string {
  return String(parseInt(createHash('sha256').update(task).digest('hex').slice(0, 8), 16));
}
