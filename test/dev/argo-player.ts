import { isFinished, podName } from '../../argo/status/nodes.js';
import type { ObservedWorkflow } from '../../argo/status/observed.js';
import { type Steps, taskNames } from '../server/argo.js';
import type { ServerWorld } from '../server/harness.js';

const KANIKO_LOG = `INFO[0002] RUN pip install --no-cache-dir -r requirements.txt
ERROR: No matching distribution found for scikit-learn==9.9
error building image: error building stage: failed to execute command: waiting for process to exit: exit status 1
`;

/** Lets workflows run: one build after the other, then the steps that depend on them. */
export class ArgoPlayer {
  /** How often each workflow was moved on, by its name. */
  readonly #moves = new Map<string, number>();

  /**
   * @param failing - names of steps that fail
   * @param stepMoves - calls of {@link play} that a step takes
   */
  constructor(
    private readonly world: ServerWorld,
    private readonly failing: readonly string[],
    private readonly stepMoves: number,
  ) {}

  /** Moves on every workflow that has not ended. */
  play(workflows: readonly ObservedWorkflow[]): void {
    for (const workflow of workflows) if (!isFinished(workflow)) this.#move(workflow);
  }

  #move(workflow: ObservedWorkflow): void {
    const { name } = workflow.metadata;
    const moves = this.#moves.get(name) ?? 0;
    this.#moves.set(name, moves + 1);
    const tasks = inOrder(taskNames(workflow));
    const ended = tasks.slice(0, Math.floor(moves / this.stepMoves));
    const [current, ...waiting] = tasks.slice(ended.length);
    const steps: Record<string, Steps[string]> = {};
    for (const task of ended) steps[task] = this.failing.includes(task) ? 'Failed' : 'Succeeded';
    const isOver = workflow.spec.shutdown !== undefined || ended.some((task) => steps[task] === 'Failed');
    if (current === undefined) this.#end(workflow, isOver ? 'Failed' : 'Succeeded', steps);
    else if (!isOver) this.world.argo.set(workflow, 'Running', { ...steps, [current]: 'Running' });
    else {
      for (const task of [current, ...waiting]) steps[task] = 'Omitted';
      this.#end(workflow, 'Failed', steps);
    }
  }

  #end(workflow: ObservedWorkflow, phase: 'Succeeded' | 'Failed', steps: Steps): void {
    const { argo, kubernetes } = this.world;
    const { name } = workflow.metadata;
    // The log must be there before the end is told.
    argo.set(workflow, 'Running', steps);
    for (const node of Object.values(argo.workflow(name).status?.nodes ?? {}))
      if (node.phase === 'Failed') kubernetes.logs.set(podName(name, node), KANIKO_LOG);
    argo.set(workflow, phase, steps);
  }
}

/** As they depend on each other: the builds, what compiles, what publishes, what runs. */
function inOrder(tasks: readonly string[]): string[] {
  const order = ['build-', 'compile-', 'publish-', 'run-'];
  const rank = (task: string): number => order.findIndex((start) => task.startsWith(start));
  return [...tasks].sort((a, b) => rank(a) - rank(b));
}
