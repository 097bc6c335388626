import { planRun } from '../../generator/plan/plan-run.js';
import { loadProject } from '../../generator/project/project.js';
import { run } from '../../generator/run.js';
import { createRunWorkflow } from '../../generator/workflow/run-workflow.js';
import type { Workflow } from '../../generator/workflow/types.js';
import type { GitRef } from '../../generator/plan/plan-types.js';
import type { Override } from '../../schema/index.js';
import { withCommit, withPullRequestFiles, type PullRequestFiles } from './files.js';
import type { TaskContext } from './task-context.js';

/** The labels and annotations by which the server finds a workflow and reports it. */
export interface WorkflowIdentity {
  readonly name: string;
  /** Of what it publishes: the same for the same workflow, and another for each attempt. */
  readonly version: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** What a workflow is made for. */
interface Purpose {
  readonly files: PullRequestFiles;
  /** Absent for a push. */
  readonly pullRequest?: number;
  /** The pull request's base branch: metrics are compared with those of its last successful run. */
  readonly baseBranch?: string;
  /** GitHub login of who asked for it. */
  readonly requestedBy: string;
  /** Where it will run. */
  readonly namespace: string;
  readonly identity: WorkflowIdentity;
}

/** What `/build` and `/build_run` ask for. */
export interface BuildInput extends Purpose {
  /** The commit of the base branch, or before the push, that it is compared with, to say what changed. */
  readonly base?: string;
  /** The branch or tag that was pushed; images get the name of a tag. */
  readonly ref?: GitRef;
  readonly run: boolean;
  /** Arguments of the run that differ from the configuration's: each `KEY=VALUE`. */
  readonly set: readonly string[];
  /** `false`: no build takes layers from the cache, or puts them there. */
  readonly cache?: boolean;
  /** Names of the images that are asked for. Default: all. */
  readonly only?: readonly string[];
  /** Build them, also where they are in their registry already. */
  readonly force?: boolean;
  /** Apply the schedules of the configuration: for a push to the default branch only. */
  readonly applySchedules?: boolean;
}

/**
 * Plans a build, and stores its contexts.
 *
 * @returns the workflow, to be submitted
 * @throws ConfigError with all that is wrong in the repository
 * @throws ServiceError when the remote or the store does not answer
 */
export function buildWorkflow(input: BuildInput, context: TaskContext): Promise<Workflow> {
  const {
    files,
    base,
    identity,
    pullRequest,
    ref,
    baseBranch,
    requestedBy,
    run: withRun,
    namespace,
    cache,
    only,
    force,
    applySchedules,
    set,
  } = input;
  const { ports, signal, log } = context;
  const { settings, repository, commit } = files;
  return withPullRequestFiles(ports, files, signal, async ({ source, trust }) => {
    const { workflow } = await run(
      {
        settings,
        trust,
        overrides: overridesOf(set),
        ...(pullRequest !== undefined && { pullRequest }),
        ...(baseBranch !== undefined && { baseBranch }),
        ...(ref && { ref }),
        ...(ref?.kind === 'tag' && { tag: ref.name }),
        requestedBy,
        run: withRun,
        isSubmitted: true,
        ...(cache !== undefined && { cache }),
        ...(only && { only }),
        ...(force && { force }),
        ...(base !== undefined && { earlier: (use) => withCommit(ports, repository, base, signal, use) }),
        ...(applySchedules && { applySchedules }),
        namespace,
        ...identity,
      },
      {
        source,
        registries: ports.openRegistries(settings, signal),
        onPlan: ({ images }) => {
          log.info({ images: images.length, commit }, 'planned');
        },
        openStore: (_project, plan) => {
          context.storing();
          return ports.openStore(settings, plan, signal);
        },
        // It is submitted where the cluster and the pull request are known.
        runner: { submit: ({ metadata: { name = '' } }) => Promise.resolve({ name }) },
      },
    );
    return workflow;
  });
}

/** What `/run` asks for: a version by its id, or by its name. */
export interface RunInput extends Purpose {
  readonly version: { readonly versionId: string } | { readonly version: string };
  /** As in {@link BuildInput}. */
  readonly set: readonly string[];
  /** The version was built from this commit. */
  readonly isOfCommit: boolean;
}

/**
 * Plans a run of a version that is published.
 *
 * @returns the workflow, to be submitted
 * @throws ConfigError with all that is wrong in the repository
 */
export function runWorkflow(input: RunInput, { ports, signal }: TaskContext): Promise<Workflow> {
  const { files, identity, pullRequest, baseBranch, requestedBy, version, namespace, set, isOfCommit } =
    input;
  const { settings } = files;
  return withPullRequestFiles(ports, files, signal, async ({ source, trust }) => {
    const project = await loadProject({ source, settings, trust, overrides: overridesOf(set) });
    const plan = await planRun(project, {
      ...(pullRequest !== undefined && { pullRequest }),
      ...(baseBranch !== undefined && { baseBranch }),
      requestedBy,
      isOfCommit,
      ...version,
    });
    return createRunWorkflow(plan, settings, { ...identity, namespace });
  });
}

function overridesOf(set: readonly string[]): Override[] {
  return set.map((text) => ({ kind: 'set', text: `pipeline_args.${text}` }));
}
