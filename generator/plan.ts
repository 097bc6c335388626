import { throwOnErrors, type Diagnostic } from '../schema/index.js';
import { assembleContexts } from './contexts/assemble.js';
import type { Context } from './contexts/context.js';
import { checkFiles, checkImages } from './plan-checks.js';
import { plannedImage, plannedObjectStore, plannedPipeline } from './plan-parts.js';
import type { Plan } from './plan-types.js';
import type { Project } from './project.js';

/** What a caller decides about a build. */
export interface PlanOptions {
  /** Tag of every image; default: the commit's first 12 digits, or those of each context's key. */
  readonly tag?: string;
  /** Run the pipeline after it was compiled. */
  readonly run?: boolean;
  readonly pullRequest?: number;
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
  const builder = config.value.image_builder;
  // Before any file is read: a configuration of thousands of images is refused at once.
  throwOnErrors(checkImages(project, options.tag));

  const [problems, contexts] = await Promise.all([checkFiles(project), contextsOf(project)]);
  const warnings = [...project.warnings, ...problems, ...contexts.problems];
  throwOnErrors(warnings);
  return {
    repository: config.value.repository,
    revision: source.revision,
    ...(options.pullRequest !== undefined && { pullRequest: options.pullRequest }),
    ...(options.requestedBy !== undefined && { requestedBy: options.requestedBy }),
    images: contexts.contexts.map((context, i) => plannedImage(project, i, context, options.tag)),
    pipeline: plannedPipeline(config.value.pipeline, settings),
    run: options.run ?? false,
    kaniko: project.kaniko,
    parallelism: builder?.parallelism ?? 1,
    objectStore: plannedObjectStore(project),
    warnings,
  };
}

/** The context of every image, and what is wrong with them, located in config.yaml. */
async function contextsOf({
  source,
  config,
  settings,
}: Project): Promise<{ contexts: readonly Context[]; problems: readonly Diagnostic[] }> {
  const images = config.value.image_builder?.images ?? [];
  const requests = images.map((image) => ({
    name: image.name,
    dockerfileFolder: image.dockerfile_folder_path,
    otherFolders: image.other_folders_path,
    dockerfile: image.dockerfile,
  }));
  const limits = { files: settings.limits.context_files, bytes: settings.limits.context_bytes };
  const results = await assembleContexts(source, requests, limits);
  return {
    contexts: results.flatMap((result) => (result.context ? [result.context] : [])),
    problems: results.flatMap((result, i) =>
      result.problems.map(({ field, ...problem }) =>
        config.diagnostic(['image_builder', 'images', i, ...field], problem),
      ),
    ),
  };
}
