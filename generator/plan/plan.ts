import { sortDiagnostics, throwOnErrors, WorkError, type Diagnostic } from '../../schema/index.js';
import { assembleContexts } from '../contexts/assemble.js';
import { contextBudget, type ContextBudget } from '../contexts/budget.js';
import type { ContextLimits } from '../contexts/context.js';
import { checkPipelineCode } from '../pipeline-code/check-code.js';
import { CommitCheck } from '../project/commit-check.js';
import { CONFIG_PATH, type Project } from '../project/project.js';
import { checkDockerfiles } from './dockerfile-checks.js';
import { assemblePipelineSource, belongsToPipeline } from './pipeline-source.js';
import { argumentDetails } from './argument-details.js';
import { checkFiles, checkImages, checkRun } from './plan-checks.js';
import { withBasesOfCommit } from './commit-images.js';
import { decideBuild, type ReuseOptions } from './decide-build.js';
import { checkCycles, linkImages, type ImageLinks } from './link-images.js';
import { contextRequest, plannedImage, plannedObjectStore, plannedPipeline } from './plan-parts.js';
import type { GitRef, Plan, PlannedImage } from './plan-types.js';
import { checkSchedules, plannedSchedules } from './planned-schedules.js';
import { checkPlaces, stepImages } from './step-images.js';
import { versionName } from './version.js';

/** What a caller decides about a build. */
export interface PlanOptions extends ReuseOptions {
  /** Tag of every image; default: the commit's first 12 digits, or those of each context's key. */
  readonly tag?: string;
  /** `false`: no build takes layers from the cache, or puts them there, whatever its image says. */
  readonly cache?: boolean;
  /** Run the pipeline after it was compiled. */
  readonly run?: boolean;
  /**
   * Make the schedules in Kubeflow Pipelines those of the configuration, once the pipeline is published: for builds of the
   * default branch only, never with a `pullRequest`.
   */
  readonly applySchedules?: boolean;
  readonly pullRequest?: number;
  /** The branch or tag whose push is built. */
  readonly ref?: GitRef;
  /** The base branch of the pull request. */
  readonly baseBranch?: string;
  /**
   * Name of the pipeline's version; default: `pr-<number>-<12 digits of the commit>`, without a pull request the
   * commit's 12 digits, for files of no commit 12 digits of their content.
   */
  readonly version?: string;
  /** GitHub login of who asked for it. */
  readonly requestedBy?: string;
}

/**
 * Decides everything about a build: checks what the configuration points at, and puts every context together.
 *
 * @throws ConfigError with all that is wrong, each at its place in config.yaml
 */
export async function planBuild(project: Project, options: PlanOptions = {}): Promise<Plan> {
  const { source, config, settings } = project;
  const { applySchedules = false } = options;
  if (applySchedules && options.pullRequest !== undefined)
    throw new WorkError('The build of a pull request applies no schedules');
  // Before any file is read: a configuration of thousands of images is refused at once.
  throwOnErrors([...checkRun(project, options.run ?? false), ...checkImages(project, options.tag)]);

  const limits = { files: settings.limits.context_files, bytes: settings.limits.context_bytes };
  const budget = contextBudget(limits);
  const check = new CommitCheck(source);
  // The first lists all files: a commit finds those of the others among them.
  const [code, problems, built] = await Promise.all([
    checkPipelineCode(project, { run: options.run ?? false }),
    checkFiles(project),
    planImages(project, options, limits, budget, check),
  ]);
  const known = [
    ...project.warnings,
    ...problems,
    ...code,
    ...built.problems,
    ...checkSchedules(project, applySchedules),
  ];
  throwOnErrors(sortDiagnostics(known, CONFIG_PATH));
  const { pipeline } = config.value;
  const pipelineSource = await assemblePipelineSource(source, pipeline.pipeline_path, budget.links);
  const contexts = [pipelineSource, ...built.images.map(({ context }) => context)];
  await check.isCommit(pipelineSource, [''], (path) => belongsToPipeline({ path }, pipeline.pipeline_path));
  check.noteMissing(pipelineSource.missing);
  const revision = { ...source.revision, dirty: await check.isDirty() };
  const found = [...known, ...check.warnings()];
  const planned = withBasesOfCommit(built.images, built.links, options.tag, source.revision.commit);
  const images = await decideBuild(project, planned, built.links, options);
  const version = options.version ?? versionName(revision, options.pullRequest, contexts);
  const plan = {
    repository: config.value.repository,
    revision,
    ...(options.pullRequest !== undefined && { pullRequest: options.pullRequest }),
    ...(options.ref && { ref: options.ref }),
    ...(options.baseBranch !== undefined && { baseBranch: options.baseBranch }),
    ...(options.requestedBy !== undefined && { requestedBy: options.requestedBy }),
    images,
    pipeline: {
      ...plannedPipeline(pipeline, settings, pipelineSource, version),
      ...argumentDetails(project),
      schedules: plannedSchedules(project),
    },
    run: options.run ?? false,
    ...(applySchedules && { applySchedules }),
    kaniko: project.kaniko,
    parallelism: config.value.image_builder?.parallelism ?? 1,
    objectStore: plannedObjectStore(project),
  };
  found.push(...checkPlaces(stepImages(plan, settings)));
  return { ...plan, warnings: sortDiagnostics(found, CONFIG_PATH) };
}

/** Every image with its context, and what is wrong with the contexts, located in config.yaml. */
async function planImages(
  project: Project,
  options: PlanOptions,
  limits: ContextLimits,
  budget: ContextBudget,
  check: CommitCheck,
): Promise<{
  images: readonly PlannedImage[];
  links: readonly ImageLinks[];
  problems: readonly Diagnostic[];
}> {
  const { source, config } = project;
  const builder = config.value.image_builder;
  if (!builder) return { images: [], links: [], problems: [] };
  const requests = builder.images.map(contextRequest);
  const results = await assembleContexts(source, requests, limits, budget);
  const images: PlannedImage[] = [];
  const problems: Diagnostic[] = [];
  for (const [i, image] of builder.images.entries()) {
    const result = results[i];
    if (result?.context) {
      const folders = [image.dockerfile_folder_path, ...image.other_folders_path];
      const isCommit = await check.isCommit(result.context, folders);
      images.push(plannedImage(project, builder, image, result.context, { ...options, isCommit }));
      for (const { field, ...warning } of result.warnings) {
        const path = ['image_builder', 'images', i, ...field];
        problems.push(config.diagnostic(path, { ...warning, severity: 'warning' }));
      }
    }
    for (const { field, ...problem } of result?.problems ?? []) {
      problems.push(config.diagnostic(['image_builder', 'images', i, ...field], problem));
    }
  }
  const links = await linkImages(source, images);
  const linked = [...checkDockerfiles(images, links), ...checkCycles(project, images, links)];
  return { images, links, problems: [...problems, ...linked] };
}
