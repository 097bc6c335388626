import type { Plan, PlannedImage } from '../plan/plan-types.js';
import { NAMES } from './names.js';
import { NO_RETRY } from './retry.js';
import { plainOutput, type StepOutput } from './step-output.js';
import type { DagTask, DagTemplate } from './types.js';

/** Argo 4 takes 200 tasks in a DAG and 500 parameters in a template: beyond this many images, DAGs are nested. */
export const TASKS_IN_A_DAG = 150;

/** The builds as the main DAG sees them. */
export interface BuildTasks {
  /** Tasks of the main DAG: the builds, or the DAGs that hold them. */
  readonly tasks: readonly DagTask[];
  /** Templates of nested DAGs. */
  readonly templates: readonly DagTemplate[];
  /** The output of a task of the main DAG that has an image's digest. */
  digestOf(image: PlannedImage): StepOutput;
}

/** Puts the builds side by side in the main DAG, or in nested DAGs where they are too many for one. */
export function buildTasks(plan: Plan, tasks: readonly DagTask[]): BuildTasks {
  if (tasks.length <= TASKS_IN_A_DAG) {
    return { tasks, templates: [], digestOf: (image) => digestOutput(image.task) };
  }
  const groups: { name: string; images: readonly PlannedImage[]; tasks: readonly DagTask[] }[] = [];
  for (let i = 0; i < tasks.length; i += TASKS_IN_A_DAG) {
    const end = i + TASKS_IN_A_DAG;
    groups.push({
      name: `batch-${groups.length + 1}`,
      images: plan.images.slice(i, end),
      tasks: tasks.slice(i, end),
    });
  }
  const outputs = new Map(
    groups.flatMap(({ name, images }) =>
      images.map(({ task }, i) => [task, { task: name, parameter: groupOutput(i) }] as const),
    ),
  );
  return {
    tasks: groups.map(({ name }) => ({ name, template: name })),
    templates: groups.map((group) => ({
      ...dagTemplate(group.name, group.tasks),
      outputs: {
        parameters: group.images.map(({ task }, i) => ({
          name: groupOutput(i),
          valueFrom: { parameter: plainOutput(digestOutput(task)) },
        })),
      },
    })),
    digestOf: ({ task }) => outputs.get(task) ?? digestOutput(task),
  };
}

/** What a nested DAG calls the digest of its n-th image: by number, since it would have hundreds of names twice. */
function groupOutput(index: number): string {
  return `d${index + 1}`;
}

function digestOutput(task: string): StepOutput {
  return { task, parameter: 'digest' };
}

/** The main DAG: every build, then the last steps, one after the other. */
export function mainDag(builds: BuildTasks, lastSteps: readonly DagTask[]): DagTemplate {
  // `a && b` would take Skipped too.
  let depends = builds.tasks.map(({ name }) => `${name}.Succeeded`).join(' && ');
  const last = lastSteps.map((step) => {
    const task = after(depends, step);
    depends = `${step.name}.Succeeded`;
    return task;
  });
  return dagTemplate(NAMES.main, [...builds.tasks, ...last]);
}

/** A DAG that continues when one of its tasks fails, and that is never retried as a whole. */
export function dagTemplate(name: string, tasks: readonly DagTask[]): DagTemplate {
  return { name, retryStrategy: NO_RETRY, dag: { failFast: false, tasks } };
}

function after(depends: string, { name, template, ...rest }: DagTask): DagTask {
  return { name, template, ...(depends !== '' && { depends }), ...rest };
}
