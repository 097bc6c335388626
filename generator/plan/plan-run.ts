import { throwOnErrors, type Diagnostic, type KanikoPod } from '../../schema/index.js';
import type { Revision } from '../ports.js';
import type { Project } from '../project/project.js';
import { checkSetArguments } from '../pipeline-code/check-arguments.js';
import { argumentDetails } from './argument-details.js';
import { checkRun } from './plan-checks.js';
import type { PlannedPipeline } from './plan-types.js';
import { planBuild } from './plan.js';
import { versionName } from './version.js';

/** The pipeline of a run. */
export type RunPipeline = Pick<
  PlannedPipeline,
  'name' | 'namespace' | 'experiment' | 'arguments' | 'argumentDetails'
>;

/** What a run will do, of a version that was published before. Pure data. */
export interface RunPlan {
  readonly repository: { readonly owner: string; readonly name: string };
  readonly revision: Revision;
  /** Number of the pull request the run belongs to. */
  readonly pullRequest?: number;
  /** The base branch of the pull request. */
  readonly baseBranch?: string;
  /** GitHub login of who asked for it. */
  readonly requestedBy?: string;
  readonly pipeline: RunPipeline;
  /** By the id that Kubeflow Pipelines gave it, by its name, or the newest that builds of the same files published. */
  readonly version: { readonly id: string } | { readonly name: string } | { readonly newestOf: string };
  /** With which the images of the steps are pulled. */
  readonly imagePullSecrets?: KanikoPod['pod']['imagePullSecrets'];
  /** Warnings of the configuration; errors never get as far as a plan. */
  readonly warnings: readonly Diagnostic[];
}

/** What a caller decides about a run. */
export interface RunPlanOptions {
  /** Id of the version in Kubeflow Pipelines. */
  readonly versionId?: string;
  /** Name of the version; default: the newest that builds of the same files and pull request published. */
  readonly version?: string;
  readonly pullRequest?: number;
  /** The base branch of the pull request. */
  readonly baseBranch?: string;
  /** GitHub login of who asked for it. */
  readonly requestedBy?: string;
  /** The named version was built from these files. Default: only a version that is looked up by them. */
  readonly isOfCommit?: boolean;
}

/**
 * Decides everything about a run without a build.
 *
 * @throws ConfigError where the settings have no Kubeflow Pipelines; and, where the files are those of no commit, for all
 *   that is wrong in the repository
 */
export async function planRun(project: Project, options: RunPlanOptions = {}): Promise<RunPlan> {
  throwOnErrors(checkRun(project, true));
  const { source, config, kaniko, warnings } = project;
  const { pipeline, repository } = config.value;
  const { pullRequest, baseBranch, requestedBy } = options;
  const isOfFiles = options.version === undefined && options.versionId === undefined;
  if (options.isOfCommit ?? isOfFiles) throwOnErrors(await checkSetArguments(project));
  return {
    repository,
    revision: source.revision,
    ...(pullRequest !== undefined && { pullRequest }),
    ...(baseBranch !== undefined && { baseBranch }),
    ...(requestedBy !== undefined && { requestedBy }),
    pipeline: {
      name: pipeline.name,
      namespace: pipeline.namespace,
      experiment: pipeline.experiment_name,
      arguments: pipeline.pipeline_args,
      ...argumentDetails(project),
    },
    version: await wantedVersion(project, options),
    ...(kaniko.pod.imagePullSecrets && { imagePullSecrets: kaniko.pod.imagePullSecrets }),
    warnings,
  };
}

async function wantedVersion(
  project: Project,
  { versionId, version, pullRequest }: RunPlanOptions,
): Promise<RunPlan['version']> {
  if (versionId !== undefined) return { id: versionId };
  return version === undefined ? { newestOf: await builtVersion(project, pullRequest) } : { name: version };
}

/** What a build would call its version: a commit tells it at once, other files have to be read. */
async function builtVersion(project: Project, pullRequest: number | undefined): Promise<string> {
  const { source } = project;
  const { revision } = source;
  if (revision.commit !== undefined && !revision.dirty && !source.differing)
    return versionName(revision, pullRequest, []);
  const plan = await planBuild(project, pullRequest === undefined ? {} : { pullRequest });
  return plan.pipeline.version;
}
