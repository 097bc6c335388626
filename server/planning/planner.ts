import type { Repository } from '../ports.js';
import type { Logger } from '../telemetry/log.js';
import type { PlanningPorts } from './ports.js';
import type { TaskContext } from './task-context.js';
import { TASKS, type TaskInput, type TaskName, type TaskOutput } from './tasks.js';

/** How a task is done. */
export interface PlannerCall {
  /** Whose files are read. */
  readonly repository: Repository;
  readonly log: Pick<Logger, 'info' | 'warn'>;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** Reads repositories for the server. */
export interface Planner {
  /**
   * @throws what the task throws; PlanningStopped where it took too much time or memory; the signal's reason
   */
  do<N extends TaskName>(name: N, input: TaskInput<N>, call: PlannerCall): Promise<TaskOutput<N>>;
}

/** Does tasks in this process, without limits: for a command of one's own, and for tests. */
export function planHere(ports: PlanningPorts): Planner {
  return {
    do: (name, input, { log, signal }) =>
      runTask(name, input, { ports, log, signal, storing: () => undefined }),
  };
}

/** Does one task. */
export function runTask<N extends TaskName>(
  name: N,
  input: TaskInput<N>,
  context: TaskContext,
): Promise<TaskOutput<N>> {
  const task = TASKS[name] as (input: TaskInput<N>, context: TaskContext) => Promise<TaskOutput<N>>;
  return task(input, context);
}
