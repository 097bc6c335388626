import type { Plan } from './plan/plan-types.js';
import { planBuild, type PlanOptions } from './plan/plan.js';
import type { ContextSource, ContextStore, SubmittedWorkflow, WorkflowRunner } from './ports.js';
import { loadProject, type Project, type ProjectOptions } from './project/project.js';
import { storeContexts, type ContextObserver } from './store-contexts.js';
import { createWorkflow, type WorkflowOptions } from './workflow/create.js';
import type { Workflow } from './workflow/types.js';

/** What to build, and how. */
export type RunRequest = Omit<ProjectOptions, 'source'> & PlanOptions & WorkflowOptions;

/** The world outside, as a run needs it. */
export interface RunPorts {
  readonly source: ContextSource;
  /**
   * Opens the store once the configuration is known, since a repository may name a bucket of its own. Without it the
   * contexts are not kept: the workflow finds them only if they are there already.
   */
  readonly openStore?: (project: Project, plan: Plan) => Promise<ContextStore>;
  readonly runner: WorkflowRunner;
  /** Told of the plan before anything is written. */
  readonly onPlan?: (plan: Plan) => void;
  /** Told of each context as it is stored. */
  readonly onContext?: ContextObserver;
}

/** What a run made. */
export interface RunResult {
  readonly plan: Plan;
  readonly workflow: Workflow;
  readonly submitted: SubmittedWorkflow;
}

/**
 * The line that a command takes, from a source to a submitted workflow:
 * configuration → contexts → plan → workflow → store → submit. Nothing is written before all of it was checked.
 *
 * @throws ConfigError with all that is wrong in the repository
 * @throws ServiceError when a store or the cluster does not answer
 */
export async function run(request: RunRequest, ports: RunPorts): Promise<RunResult> {
  const { source } = ports;
  const project = await loadProject({ ...request, source });
  const plan = await planBuild(project, request);
  ports.onPlan?.(plan);

  const workflow = createWorkflow(plan, project.settings, request);
  if (ports.openStore) {
    const store = await ports.openStore(project, plan);
    await storeContexts(source, plan, store, ports.onContext);
  }
  return { plan, workflow, submitted: await ports.runner.submit(workflow) };
}
