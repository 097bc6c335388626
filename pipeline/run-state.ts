import { recordOf, type JsonRecord } from '../common/json.js';

/** How a run ended: https://www.kubeflow.org/docs/components/pipelines/reference/api/, `v2beta1RuntimeState` */
export type EndState = 'SUCCEEDED' | 'FAILED' | 'SKIPPED' | 'CANCELED';

/** A run, a task or a status as Kubeflow Pipelines answers it. */
const STOPPED = new Set<unknown>(['CANCELING', 'CANCELED']);
const MOST_STEPS = 10;
const LONGEST = 2000;

export function isEnd(state: string): state is EndState {
  return ['SUCCEEDED', 'FAILED', 'SKIPPED', 'CANCELED'].includes(state);
}

/**
 * Whether a run was told to stop. The API server lets such a run end with FAILED, as its workflow does; that it was
 * CANCELING is in its history only.
 */
export function wasStopped(run: JsonRecord): boolean {
  if (STOPPED.has(run.state)) return true;
  return run.state === 'FAILED' && list(run.state_history).some(({ state }) => STOPPED.has(state));
}

/**
 * Why a run cannot be told of: where the API server fails to read what it has stored, it answers with the run's ids and
 * an error, and no state.
 */
export function unreadable(run: JsonRecord): string | undefined {
  const message = recordOf(run.error).message;
  const hasState = typeof run.state === 'string' && run.state !== 'RUNTIME_STATE_UNSPECIFIED';
  return hasState || typeof message !== 'string' ? undefined : message;
}

/** What a run that failed says of it: an error of its own, or else the steps that failed. */
export function failureOf(run: JsonRecord): string | undefined {
  const message = recordOf(run.error).message;
  if (typeof message === 'string' && message !== '') return message.slice(0, LONGEST);
  if (run.state !== 'FAILED') return undefined;
  const steps = stepsIn('FAILED', list(recordOf(run.run_details).task_details));
  if (steps.length === 0) return undefined;
  const more = steps.length > MOST_STEPS ? `, and ${steps.length - MOST_STEPS} more` : '';
  const names = steps.slice(0, MOST_STEPS).join(', ');
  return `in the step${steps.length > 1 ? 's' : ''} ${names}${more}`.slice(0, LONGEST);
}

/**
 * The steps that a run waits for: their pods have not started, and no other works. KFP does not say why.
 *
 * @returns nothing while some step works
 */
export function waitingFor(run: JsonRecord): readonly string[] {
  const tasks = list(recordOf(run.run_details).task_details);
  // A node that has children runs as long as they do.
  const working = tasks.some(
    ({ state, child_tasks }) => state === 'RUNNING' && list(child_tasks).length === 0,
  );
  return run.state !== 'RUNNING' || working ? [] : stepsIn('PENDING', tasks);
}

/** The steps whose task is in this state. */
function stepsIn(state: string, tasks: readonly JsonRecord[]): string[] {
  const around = new Set(['root', 'executor', ...workflowsOf(tasks)]);
  const names = tasks.flatMap(({ state: its, display_name: name }) =>
    its === state && typeof name === 'string' ? [name.replace(/\(\d+\)$/, '')] : [],
  );
  return [...new Set(names)].filter((name) => !around.has(name));
}

/**
 * KFP's tasks are the nodes of its Argo workflow: around the steps there are the workflow itself, `root`, and an
 * `executor` below each step, each of them once more for every attempt. The id of a node is the workflow's name and a
 * number.
 */
function workflowsOf(tasks: readonly JsonRecord[]): readonly string[] {
  return tasks.flatMap(({ child_tasks: children }) =>
    list(children).flatMap(({ pod_name: id }) => /^(.+)-\d+$/.exec(String(id))?.[1] ?? []),
  );
}

function list(value: unknown): readonly JsonRecord[] {
  return Array.isArray(value) ? value.map(recordOf) : [];
}
