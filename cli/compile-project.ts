import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { checkFiles } from '../generator/plan-checks.js';
import { loadProject } from '../generator/project.js';
import { compilePipeline } from '../pipeline/compile.js';
import { parseImages } from '../pipeline/images.js';
import { pinImages, type Pinned } from '../pipeline/pin.js';
import {
  normaliseRepository,
  throwOnErrors,
  WorkError,
  type Config,
  type Diagnostic,
} from '../schema/index.js';
import { openProject } from './open-project.js';
import type { Session } from './session.js';

/** What `kfops compile-pipeline` is told. */
export interface CompileFlags {
  readonly config?: string;
  readonly images?: string;
  readonly python: string;
  /** Seconds. */
  readonly timeout: number;
}

/**
 * Compiles the pipeline of a folder and pins its images, as the workflow does.
 *
 * @throws ConfigError where the configuration or the pipeline's code is wrong
 * @throws WorkError where there is no Python with kfp, or the images cannot be used
 */
export async function compileProject(
  { io }: Session,
  dir: string,
  flags: CompileFlags,
): Promise<Pinned & { readonly warnings: readonly Diagnostic[] }> {
  const { options, warnings } = await openProject(
    io,
    dir,
    flags.config === undefined ? {} : { config: flags.config },
  );
  const project = await loadProject(options);
  const problems = await checkFiles(project);
  throwOnErrors(problems);
  const { pipeline, image_builder: builder } = project.config.value;
  const repositories = repositoriesOf(builder);
  const images =
    flags.images === undefined
      ? undefined
      : parseImages(readImages(resolve(io.cwd, flags.images), flags.images), flags.images, repositories);

  const work = compilePipeline({
    python: flags.python.includes('/') ? resolve(io.cwd, flags.python) : flags.python,
    root: resolve(io.cwd, dir),
    path: pipeline.pipeline_path,
    ...(pipeline.pipeline_function_name !== undefined && { function: pipeline.pipeline_function_name }),
    repositories,
    ...(images && { images }),
    timeout: flags.timeout,
    env: io.env,
    onOutput: (text) => io.stderr.write(text),
    signal: io.interrupted,
  });
  io.pending.add(work);
  try {
    const pinned = pinImages(await work, images ?? new Map(), repositories);
    return { ...pinned, warnings: [...warnings, ...project.warnings, ...problems] };
  } finally {
    io.pending.delete(work);
  }
}

function repositoriesOf(builder: Config['image_builder']): Map<string, string> {
  return new Map(
    (builder?.images ?? []).map(({ name }) => [
      name,
      normaliseRepository(builder?.container_registry_uri ?? '', name),
    ]),
  );
}

function readImages(path: string, name: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new WorkError(`${name} cannot be read: ${code}`, 'Name the images.json of a build.', {
      cause: error,
    });
  }
}
