import type { WorkflowResult } from '../../generator/results/result.js';
import { checkTags } from '../../generator/workflow/check-tags.js';
import { ANNOTATIONS, LABELS, NAMES } from '../../generator/workflow/names.js';
import {
  fillCheckedOutputs,
  KFP_ID,
  parsePlainOutput,
  type StepOutput,
} from '../../generator/workflow/step-output.js';
import { RETRIED_RUN } from '../../generator/workflow/run-step.js';
import type { DagTask, Outputs, Template, Workflow } from '../../generator/workflow/types.js';
import { imagesOf } from '../status/images.js';
import type { ObservedWorkflow } from '../status/observed.js';

/**
 * A workflow that does what another one has left undone: the builds that succeeded are gone from its DAG, and where
 * their digests were asked for, the digests stand, so that they are neither built nor pushed again. The steps after the
 * builds, which are short and hand their results on inside of a workflow, are all done again. A run of the pipeline that
 * failed continues: the step that runs it gets its id. Pure.
 *
 * @param result - its outcome; a build whose digest cannot be trusted counts as failed
 * @throws WorkError where Argo would evaluate what a step reports: an earlier Kfops has made the workflow
 */
export function retryWorkflow(workflow: ObservedWorkflow, result: WorkflowResult): Workflow {
  const { name, namespace, labels = {}, annotations = {} } = workflow.metadata;
  const { templates = [], ...spec } = workflow.spec as unknown as RetriedSpec;
  const done = new Set(
    result.images.flatMap(({ state, task }) => (state === 'succeeded' && task !== undefined ? [task] : [])),
  );
  const digests = digestsOf(workflow, result);
  return checkTags({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Workflow',
    metadata: {
      generateName: `${name.replace(/-[a-z0-9]{5}$/, '').slice(0, 57)}-`,
      ...(namespace !== undefined && { namespace }),
      labels: pick(labels, without(LABELS, END_LABELS)),
      annotations: {
        ...pick(annotations, without(ANNOTATIONS, END_ANNOTATIONS)),
        [ANNOTATIONS.retryOf]: name,
      },
    },
    spec: {
      ...withoutKeys(spec, ['shutdown', 'suspend']),
      templates: remaining(templates, done, digests).map((template) => withRetriedRun(template, result)),
    },
  });
}

/** What is written once the end of a workflow is reported, and how the first attempt started: a command starts this one. */
const END_LABELS: readonly string[] = [LABELS.reported, LABELS.notify, LABELS.trigger];
const END_ANNOTATIONS: readonly string[] = [ANNOTATIONS.notice, ANNOTATIONS.notified];

function without(keys: Readonly<Record<string, string>>, left: readonly string[]): string[] {
  return Object.values(keys).filter((key) => !left.includes(key));
}

/** As Kfops wrote it, or as another did: with templates elsewhere. */
type RetriedSpec = Omit<Workflow['spec'], 'templates'> & Partial<Pick<Workflow['spec'], 'templates'>>;

/** The digest that an output would have, where it is known. */
type DigestOf = (output: StepOutput) => string | undefined;

function digestsOf(workflow: ObservedWorkflow, { images }: WorkflowResult): DigestOf {
  const known = new Map(
    images.flatMap(({ name, state, digest }) =>
      state === 'succeeded' && digest !== undefined ? [[name, digest] as const] : [],
    ),
  );
  const key = ({ task, parameter }: StepOutput): string => `${task}.${parameter}`;
  const byOutput = new Map(
    imagesOf(workflow).flatMap(({ name, task, output }) => {
      const digest = known.get(name);
      if (output === undefined || task === undefined || digest === undefined) return [];
      // In a nested DAG, what is based on the image has its task's own output.
      return [[key(output), digest] as const, [key({ task, parameter: 'digest' }), digest] as const];
    }),
  );
  return (output) => byOutput.get(key(output));
}

/** The templates that are still needed, without the tasks that are done. */
function remaining(
  templates: readonly Template[],
  done: ReadonlySet<string>,
  digests: DigestOf,
): readonly Template[] {
  // A nested DAG of which every task is done is done itself.
  const empty = new Set(
    templates.flatMap((template) =>
      'dag' in template && template.dag.tasks.every(({ name }) => done.has(name)) ? [template.name] : [],
    ),
  );
  const isDone = (task: DagTask): boolean => done.has(task.name) || empty.has(task.template);
  const gone = new Set(
    templates.flatMap((template) =>
      'dag' in template ? template.dag.tasks.filter(isDone).map(({ name }) => name) : [],
    ),
  );
  const left = templates.map((template): Template => {
    if (!('dag' in template)) return template;
    const tasks = template.dag.tasks.filter((task) => !isDone(task));
    // Argo fills templates up with `outputs: {}` and its like.
    const { parameters = [] }: Partial<Outputs> = template.outputs ?? {};
    const outputs = parameters.filter(
      ({ valueFrom }) =>
        !('parameter' in valueFrom && gone.has(parsePlainOutput(valueFrom.parameter)?.task ?? '')),
    );
    return {
      ...withoutKeys(template, ['outputs']),
      dag: { ...template.dag, tasks: tasks.map((task) => resolved(task, gone, digests)) },
      ...(outputs.length > 0 && { outputs: { parameters: outputs } }),
    };
  });
  const called = new Set(
    left.flatMap((template) => ('dag' in template ? template.dag.tasks.map((task) => task.template) : [])),
  );
  return left.filter(({ name }, at) => at === 0 || called.has(name));
}

/**
 * The step that runs the pipeline, with the run to continue. A run that was stopped or succeeded doesn't; where the step
 * has begun no run, that of an earlier retry stays. A workflow of an earlier Kfops has no place for it, and its step
 * starts a new run.
 */
function withRetriedRun(template: Template, { run }: WorkflowResult): Template {
  if (template.name !== NAMES.run || !('container' in template) || run?.runId === undefined) return template;
  const id = run.runState === 'FAILED' && KFP_ID.test(run.runId) ? run.runId : '';
  const args = template.container.args.map((each) =>
    each.startsWith(RETRIED_RUN) ? `${RETRIED_RUN}${id}` : each,
  );
  return { ...template, container: { ...template.container, args } };
}

/** A task that waits for nothing that is done, and is given the digests that are known. */
function resolved(task: DagTask, gone: ReadonlySet<string>, digests: DigestOf): DagTask {
  const { depends, arguments: given, ...rest } = task;
  const waits = (depends ?? '')
    .split(' && ')
    .filter((term) => term !== '' && !gone.has(term.replace(/\.Succeeded$/, '')));
  return {
    ...rest,
    ...(waits.length > 0 && { depends: waits.join(' && ') }),
    ...(given && {
      arguments: JSON.parse(fillCheckedOutputs(JSON.stringify(given), digests)) as typeof given,
    }),
  };
}

function pick(
  from: Readonly<Record<string, string>>,
  keys: readonly string[],
): Readonly<Record<string, string>> {
  return Object.fromEntries(keys.flatMap((key) => (from[key] === undefined ? [] : [[key, from[key]]])));
}

function withoutKeys<T extends object>(from: T, keys: readonly string[]): T {
  return Object.fromEntries(Object.entries(from).filter(([key]) => !keys.includes(key))) as T;
}
