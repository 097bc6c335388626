import type { Batch, BuildLayout } from './builds.js';
import { NAMES } from './names.js';
import { NO_RETRY } from './retry.js';
import { checkedOutput, plainOutput } from './step-output.js';
import type { DagTask, DagTemplate } from './types.js';

/** The builds as the main DAG sees them. */
export interface BuildTasks {
  /** Tasks of the main DAG: the builds, or the DAGs that hold them. */
  readonly tasks: readonly DagTask[];
  /** Templates of nested DAGs. */
  readonly templates: readonly DagTemplate[];
}

/**
 * Puts the builds into the main DAG, or into nested DAGs where they are too many for one.
 *
 * @param tasks - by the image's name
 */
export function buildTasks({ built, batches }: BuildLayout, tasks: ReadonlyMap<string, DagTask>): BuildTasks {
  const tasksOf = (images: BuildLayout['built']): readonly DagTask[] =>
    images.flatMap(({ name }) => tasks.get(name) ?? []);
  if (batches.length === 0) return { tasks: tasksOf(built), templates: [] };
  return {
    tasks: batches.map(batchTask),
    templates: batches.map((batch) => batchTemplate(batch, tasksOf(batch.images))),
  };
}

function batchTask({ name, after: before, given }: Batch): DagTask {
  return after(succeeded(before), {
    name,
    template: name,
    ...(given.length > 0 && {
      arguments: {
        parameters: given.map(({ parameter, digest }) => ({
          name: parameter,
          value: checkedOutput(digest, 'digest'),
        })),
      },
    }),
  });
}

/** Names its digests by number: it would have hundreds of names twice. */
function batchTemplate({ name, images, given }: Batch, tasks: readonly DagTask[]): DagTemplate {
  return {
    ...dagTemplate(name, tasks),
    ...(given.length > 0 && { inputs: { parameters: given.map(({ parameter }) => ({ name: parameter })) } }),
    outputs: {
      parameters: images.map(({ task }, i) => ({
        name: `d${i + 1}`,
        valueFrom: { parameter: plainOutput({ task, parameter: 'digest' }) },
      })),
    },
  };
}

/**
 * The main DAG: every build, then the last steps, one after the other.
 *
 * @param tag - a task that no other waits for, and whether it waits for the builds
 */
export function mainDag(
  builds: BuildTasks,
  lastSteps: readonly DagTask[],
  tag?: { readonly task: DagTask; readonly afterBuilds: boolean },
): DagTemplate {
  const built = succeeded(builds.tasks.map(({ name }) => name));
  let depends = built;
  const last = lastSteps.map((step) => {
    const task = after(depends, step);
    depends = succeeded([step.name]);
    return task;
  });
  const tagTasks = tag ? [after(tag.afterBuilds ? built : '', tag.task)] : [];
  return dagTemplate(NAMES.main, [...builds.tasks, ...last, ...tagTasks]);
}

/** A DAG that continues when one of its tasks fails, and that is never retried as a whole. */
export function dagTemplate(name: string, tasks: readonly DagTask[]): DagTemplate {
  return { name, retryStrategy: NO_RETRY, dag: { failFast: false, tasks } };
}

/** What a task depends on that waits for others to succeed: `a && b` would take Skipped too. */
export function succeeded(tasks: readonly string[]): string {
  return tasks.map((name) => `${name}.Succeeded`).join(' && ');
}

/** A task that waits; in the order in which Kfops writes fields. */
export function after(depends: string, { name, template, ...rest }: DagTask): DagTask {
  return { name, template, ...(depends !== '' && { depends }), ...rest };
}
