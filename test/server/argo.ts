import { podName } from '../../argo/status/nodes.js';
import type { ObservedStatus, ObservedWorkflow, WorkflowNode } from '../../argo/status/observed.js';
import type { KubernetesStandIn } from '../fixtures/kubernetes.js';

type Phase = 'Running' | 'Succeeded' | 'Failed';

type StepPhase = 'Running' | 'Succeeded' | 'Failed' | 'Omitted';

/** A step's phase, and what its node has in place of the values that every test gets. */
export type Step = Pick<WorkflowNode, 'startedAt' | 'finishedAt' | 'message' | 'outputs'> & {
  readonly phase: StepPhase;
  /** What it printed. */
  readonly log?: string;
};

/** How a step goes on, by its task's name. Steps that are not named wait. */
export type Steps = Readonly<Record<string, StepPhase | Step>>;

const TIME = '2026-01-02T03:04:05Z';

/** Does what Argo's controller does to a workflow, as far as the server sees it. */
export class ArgoStandIn {
  constructor(
    private readonly kubernetes: KubernetesStandIn,
    readonly namespace = 'kfops',
  ) {}

  get workflows(): ObservedWorkflow[] {
    return [...this.#collection.objects.values()] as unknown as ObservedWorkflow[];
  }

  /** The workflow of this name, or the only one. */
  workflow(name?: string): ObservedWorkflow {
    const found =
      name === undefined ? this.workflows : this.workflows.filter(({ metadata }) => metadata.name === name);
    if (found.length !== 1) throw new Error(`${found.length} workflows, not 1`);
    return found[0]!;
  }

  /** Sets how far a workflow is. A succeeded build has a digest. */
  set(
    workflow: ObservedWorkflow,
    phase: Phase,
    steps: Steps = {},
    more: Pick<ObservedStatus, 'startedAt' | 'finishedAt' | 'message'> = {},
  ): void {
    const { name } = workflow.metadata;
    const tasks = (workflow.spec.templates ?? []).flatMap(({ dag }) => dag?.tasks ?? []);
    const nodes = Object.fromEntries(
      tasks.flatMap((task, at): [string, WorkflowNode][] => {
        const step = steps[task.name];
        if (!step) return [];
        const { phase: state, log, ...own }: Step = typeof step === 'string' ? { phase: step } : step;
        const id = `${name}-${1000 + at}`;
        const node: WorkflowNode = {
          id,
          name: `${name}.${task.name}`,
          displayName: task.name,
          type: state === 'Omitted' ? 'Skipped' : 'Pod',
          phase: state,
          templateName: task.template ?? task.name,
          startedAt: TIME,
          ...(state !== 'Running' && { finishedAt: '2026-01-02T03:05:15Z' }),
          ...(state === 'Failed' && { message: 'Error (exit code 1)' }),
          ...(state === 'Succeeded' && {
            outputs: {
              parameters: [
                {
                  name: 'digest',
                  value: `sha256:${String(at + 1)
                    .repeat(64)
                    .slice(0, 64)}`,
                },
              ],
            },
          }),
          ...own,
        };
        if (log !== undefined) this.kubernetes.logs.set(podName(name, node), log);
        return [[id, node]];
      }),
    );
    const status = {
      phase,
      startedAt: TIME,
      ...(phase !== 'Running' && { finishedAt: '2026-01-02T03:06:07Z' }),
      ...more,
      nodes,
    };
    const now = this.#collection.objects.get(name);
    if (!now) throw new Error(`there is no workflow ${name}`);
    const labels = { ...now.metadata.labels, 'workflows.argoproj.io/phase': phase };
    this.#collection.replace({ ...now, metadata: { ...now.metadata, labels }, status });
  }

  /** Lets all steps of a workflow succeed. */
  succeed(workflow: ObservedWorkflow): void {
    this.set(
      workflow,
      'Succeeded',
      Object.fromEntries(taskNames(workflow).map((task) => [task, 'Succeeded'])),
    );
  }

  get #collection() {
    return this.kubernetes.collection('workflows', this.namespace);
  }
}

/** The tasks of a workflow's main DAG. */
export function taskNames(workflow: ObservedWorkflow): string[] {
  return (workflow.spec.templates ?? []).flatMap(({ dag }) => dag?.tasks ?? []).map(({ name }) => name);
}
