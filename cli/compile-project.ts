import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { contextBudget } from '../generator/contexts/budget.js';
import { assemblePipelineSource } from '../generator/plan/pipeline-source.js';
import { checkFiles } from '../generator/plan/plan-checks.js';
import { loadProject, type Project } from '../generator/project/project.js';
import { compilePipeline, type CompileRequest } from '../pipeline/compile.js';
import { parseImages } from '../pipeline/images.js';
import { pinImages, type Pinned } from '../pipeline/pin.js';
import { normaliseRepository, throwOnErrors, type Config, type Diagnostic } from '../schema/index.js';
import { originOf } from './invocation.js';
import { openProject, readText } from './open-project.js';
import type { Session } from './session.js';
import { writeFiles } from './write-files.js';

/** Options of `kfops compile-pipeline`. */
export interface CompileFlags {
  readonly config?: string;
  readonly commit?: string;
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
  session: Session,
  dir: string,
  flags: CompileFlags,
): Promise<Pinned & { readonly warnings: readonly Diagnostic[] }> {
  const { io } = session;
  const { config, commit } = flags;
  const { options, warnings } = await openProject(session, dir, {
    ...(config !== undefined && { config }),
    ...(commit !== undefined && { commit }),
  });
  const project = await loadProject(options);
  const problems = await checkFiles(project);
  throwOnErrors(problems);
  const repositories = repositoriesOf(project.config.value.image_builder);
  const images =
    flags.images === undefined
      ? undefined
      : parseImages(readText(io, '--images', flags.images), flags.images, repositories);
  const work = compileSource(session, project, flags, { repositories, ...(images && { images }) });
  io.pending.add(work);
  try {
    const pinned = pinImages(await work, images ?? new Map(), repositories);
    return { ...pinned, warnings: [...warnings, ...project.warnings, ...problems] };
  } finally {
    io.pending.delete(work);
  }
}

/** Compiles a copy of the files that the cluster gets: what works here works there, and nothing is written into yours. */
async function compileSource(
  session: Session,
  { source, config, settings }: Project,
  { python, timeout }: CompileFlags,
  images: Pick<CompileRequest, 'repositories' | 'images'>,
): Promise<string> {
  const { io } = session;
  const { pipeline_path: path, pipeline_function_name: name } = config.value.pipeline;
  const root = await mkdtemp(join(tmpdir(), 'kfops-source-'));
  try {
    const { context_files: files, context_bytes: bytes } = settings.limits;
    const { links } = contextBudget({ files, bytes });
    await writeFiles(source, await assemblePipelineSource(source, path, links), root);
    return await compilePipeline({
      python: python.includes('/') ? resolve(io.cwd, python) : python,
      pythonOrigin: originOf(session, 'python'),
      root,
      path,
      ...(name !== undefined && { function: name }),
      ...images,
      timeout,
      env: io.env,
      onOutput: (text) => io.stderr.write(text),
      signal: io.interrupted,
    });
  } finally {
    await rm(root, { recursive: true, force: true });
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
