import type { Plan } from './plan/plan-types.js';
import { planBuild, type PlanOptions } from './plan/plan.js';
import { requireStepImages } from './plan/require-step-images.js';
import type {
  ContextSource,
  ContextStore,
  ImageRegistries,
  SubmittedWorkflow,
  WorkflowRunner,
} from './ports.js';
import { loadProject, type Project, type ProjectOptions } from './project/project.js';
import { storeContexts, type ContextObserver } from './store-contexts.js';
import { createWorkflow, type WorkflowOptions } from './workflow/create.js';
import type { Workflow } from './workflow/types.js';

/** What to build, and how. */
export type RunRequest = Omit<ProjectOptions, 'source'> &
  Omit<PlanOptions, 'registries'> &
  WorkflowOptions & {
    /** The workflow goes to a cluster at once: images that none can pull are errors, not warnings. */
    readonly isSubmitted?: boolean;
  };

/** The world outside, as a run needs it. */
export interface RunPorts {
  readonly source: ContextSource;
  /** Where images are looked up. Without it, all images are built. */
  readonly registries?: ImageRegistries;
  /** Finds the cluster's object store (`host:port`) where neither the settings nor the configuration name one. */
  readonly findStore?: () => Promise<string | undefined>;
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

/** A run before anything is written. */
export interface PreparedRun {
  readonly project: Project;
  readonly plan: Plan;
  readonly workflow: Workflow;
}

/**
 * The line that a command takes, from a source to a submitted workflow:
 * configuration → contexts → plan → workflow → store → submit. Nothing is written before all of it was checked.
 *
 * @throws ConfigError with all that is wrong in the repository
 * @throws ServiceError when a store or the cluster does not answer
 */
export async function run(request: RunRequest, ports: RunPorts): Promise<RunResult> {
  return submitRun(await prepareRun(request, ports), ports);
}

/**
 * The first half of {@link run}: configuration → contexts → plan → workflow. Writes nothing.
 *
 * @throws ConfigError with all that is wrong in the repository
 * @throws ServiceError when the cluster does not answer or has no object store
 */
export async function prepareRun(
  request: RunRequest,
  ports: Pick<RunPorts, 'source' | 'registries' | 'findStore' | 'onPlan'>,
): Promise<PreparedRun> {
  const { source } = ports;
  const project = await loadProject({ ...request, source });
  const { registries } = ports;
  const planned = await planBuild(project, {
    ...(request.name !== undefined && { buildId: request.name }),
    ...request,
    ...(registries && { registries }),
  });
  const { settings } = project;
  if (request.isSubmitted)
    await requireStepImages(planned, settings, settings.build.reuse ? registries : undefined);
  const plan = await withStore(planned, ports.findStore);
  ports.onPlan?.(plan);

  return { project, plan, workflow: createWorkflow(plan, settings, request) };
}

/**
 * The second half of {@link run}: store → submit.
 *
 * @throws ServiceError when a store or the cluster does not answer
 */
export async function submitRun(
  { project, plan, workflow }: PreparedRun,
  ports: Omit<RunPorts, 'onPlan'>,
): Promise<RunResult> {
  if (ports.openStore) {
    const store = await ports.openStore(project, plan);
    await storeContexts(ports.source, plan, store, ports.onContext);
  }
  return { plan, workflow, submitted: await ports.runner.submit(workflow) };
}

/** Where the object store was only assumed, the one that there is. */
async function withStore(plan: Plan, findStore: RunPorts['findStore']): Promise<Plan> {
  const { isAssumed, ...store } = plan.objectStore;
  const endpoint = isAssumed && (await findStore?.());
  return endpoint ? { ...plan, objectStore: { ...store, endpoint } } : plan;
}
