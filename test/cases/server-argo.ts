import { parse } from 'yaml';

import { podName } from '../../argo/status/nodes.js';
import type { ObservedWorkflow, WorkflowNode } from '../../argo/status/observed.js';
import type { KubernetesStandIn } from '../fixtures/kubernetes.js';

/** A step's file: the status of a workflow as Argo tells it, its nodes by their task. */
interface StatusFile {
  /** Which workflow, from 1 in the order in which they were made; default: the last. */
  readonly workflow?: number;
  readonly phase: string;
  readonly startedAt: string;
  readonly finishedAt?: string;
  readonly message?: string;
  readonly nodes: Readonly<Record<string, NodeFile>>;
}

interface NodeFile extends Pick<WorkflowNode, 'phase' | 'startedAt' | 'finishedAt' | 'message'> {
  /** Parameters by their name; what is no text becomes JSON, as the step writes it. */
  readonly outputs?: Readonly<Record<string, unknown>>;
  /** What the step printed. */
  readonly log?: string;
}

/** The workflows there, in the order in which they were made. */
export function workflowsIn(kubernetes: KubernetesStandIn, namespace: string): ObservedWorkflow[] {
  return [...kubernetes.collection('workflows', namespace).objects.values()] as unknown as ObservedWorkflow[];
}

/** Gives a workflow the status that a step's file (YAML) has. @returns it */
export function setStatus(kubernetes: KubernetesStandIn, namespace: string, text: string): ObservedWorkflow {
  // Times stay text: the library's core schema has no type for them.
  const { nodes: files, workflow: which = 0, ...status } = parse(text) as StatusFile;
  const workflow = workflowsIn(kubernetes, namespace).at(which - 1);
  if (!workflow) throw new Error('there is no workflow yet');
  const { name } = workflow.metadata;
  const tasks = new Map(
    (workflow.spec.templates ?? [])
      .flatMap(({ dag }) => dag?.tasks ?? [])
      .map((task) => [task.name, task.template ?? task.name]),
  );
  const nodes: Record<string, WorkflowNode> = {};
  for (const [at, [task, { log, outputs, ...node }]] of Object.entries(files).entries()) {
    const templateName = tasks.get(task);
    if (templateName === undefined) throw new Error(`the workflow ${name} has no task ${task}`);
    const id = `${name}-${1001 + at}`;
    nodes[id] = {
      id,
      name: `${name}.${task}`,
      displayName: task,
      type: node.phase === 'Omitted' ? 'Skipped' : 'Pod',
      templateName,
      ...node,
      ...(outputs && { outputs: { parameters: Object.entries(outputs).map(parameter) } }),
    };
    if (log !== undefined) kubernetes.logs.set(podName(name, nodes[id]), log);
  }
  const { metadata } = workflow;
  const labels = { ...metadata.labels, 'workflows.argoproj.io/phase': status.phase };
  kubernetes.collection('workflows', namespace).replace({
    ...workflow,
    metadata: { ...metadata, labels },
    status: { ...status, nodes },
  });
  return workflow;
}

function parameter([name, value]: [string, unknown]): { readonly name: string; readonly value: string } {
  return { name, value: typeof value === 'string' ? value : JSON.stringify(value) };
}
