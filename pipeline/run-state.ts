/** How a run ended: https://www.kubeflow.org/docs/components/pipelines/reference/api/, `v2beta1RuntimeState` */
export type EndState = 'SUCCEEDED' | 'FAILED' | 'SKIPPED' | 'CANCELED';

/** A run, a task or a status as Kubeflow Pipelines answers it. */
type Answer = Readonly<Record<string, unknown>>;

const STOPPED = new Set<unknown>(['CANCELING', 'CANCELED']);
const MOST_STEPS = 10;
const LONGEST = 2000;

export function isEnd(state: string): state is EndState {
  return ['SUCCEEDED', 'FAILED', 'SKIPPED', 'CANCELED'].includes(state);
}

/**
 * Whether a run was told to stop. The API server lets such a run end with FAILED, as its workflow does; that it was
 * CANCELING stands in its history only.
 */
export function wasStopped(run: Answer): boolean {
  if (STOPPED.has(run.state)) return true;
  return run.state === 'FAILED' && list(run.state_history).some(({ state }) => STOPPED.has(state));
}

/**
 * Why a run cannot be told of: where the API server fails to read what it has stored, it answers with the run's ids and
 * an error, and no state.
 */
export function unreadable(run: Answer): string | undefined {
  const message = record(run.error).message;
  const hasState = typeof run.state === 'string' && run.state !== 'RUNTIME_STATE_UNSPECIFIED';
  return hasState || typeof message !== 'string' ? undefined : message;
}

/** What a run that failed says of it: an error of its own, or else the steps that failed. */
export function failureOf(run: Answer): string | undefined {
  const message = record(run.error).message;
  if (typeof message === 'string' && message !== '') return message.slice(0, LONGEST);
  if (run.state !== 'FAILED') return undefined;
  const steps = failedSteps(list(record(run.run_details).task_details));
  if (steps.length === 0) return undefined;
  const more = steps.length > MOST_STEPS ? `, and ${steps.length - MOST_STEPS} more` : '';
  const names = steps.slice(0, MOST_STEPS).join(', ');
  return `in the step${steps.length > 1 ? 's' : ''} ${names}${more}`.slice(0, LONGEST);
}

/**
 * The names of failed steps. KFP's tasks are the nodes of its Argo workflow: besides the steps there are the workflow
 * itself (the ids of its children begin with its name), `root`, and an `executor` below each step, with each retry.
 */
function failedSteps(tasks: readonly Answer[]): string[] {
  const names = tasks.flatMap(({ state, display_name: name, child_tasks: children }) => {
    if (state !== 'FAILED' || typeof name !== 'string' || /^(root|executor)(\(\d+\))?$/.test(name)) return [];
    const isWorkflow = list(children).some(({ pod_name: id }) => String(id).startsWith(`${name}-`));
    return isWorkflow ? [] : [name.replace(/\(\d+\)$/, '')];
  });
  return [...new Set(names)];
}

function list(value: unknown): readonly Answer[] {
  return Array.isArray(value) ? value.map(record) : [];
}

function record(value: unknown): Answer {
  return typeof value === 'object' && value !== null ? (value as Answer) : {};
}
