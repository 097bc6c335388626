import { basename } from 'node:path';

import { folderSource } from '../../sources/folder.js';
import { remoteRepository, type RepositoryName } from '../git-remote.js';
import { cleaned, dockerfilesOf, proposeImages, type ProposedImage } from './find-images.js';
import { byLikelihood, pipelineIn, type ProposedPipeline } from './find-pipeline.js';
import { loggedIn, proposeRegistries } from './find-registry.js';
import { Tree } from './tree.js';

/** What a repository shows of its configuration; the first of each list is the likeliest. */
export interface Proposal {
  /** What git's remote `origin` says. */
  readonly repository?: RepositoryName;
  readonly registries: readonly string[];
  readonly images: readonly ProposedImage[];
  readonly pipelines: readonly ProposedPipeline[];
}

/** How many Python files are read to find the pipeline. */
const MOST_FILES = 2000;

/**
 * Looks at a folder: at the files that git doesn't ignore, its remote, and the registries that this machine is logged in
 * to.
 *
 * @param env - DOCKER_CONFIG and HOME say where Docker keeps its logins
 */
export async function propose(
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Proposal> {
  const source = await folderSource(folder);
  const entries = await source.list(['']);
  const files = entries
    .filter(({ mode, problem }) => mode.startsWith('100') && problem === undefined)
    .map(({ path }) => path)
    .filter((path) => !/(?:^|\/)(?:node_modules|\.?venv|site-packages)\//.test(path));
  const tree = new Tree(files);
  const read = async (path: string): Promise<string> =>
    (await source.text(path).catch(() => undefined)) ?? '';

  const [remote, hosts] = await Promise.all([remoteRepository(folder), loggedIn(env)]);
  const name = remote?.name ?? basename(folder);
  const dockerfiles = new Map<string, string>();
  for (const path of dockerfilesOf(tree)) dockerfiles.set(path, await read(path));
  const pipelines: ProposedPipeline[] = [];
  const scripts = files.filter((path) => path.endsWith('.py')).sort(byLikelihood);
  for (const path of scripts.slice(0, MOST_FILES)) {
    const pipeline = pipelineIn(path, await read(path));
    if (pipeline) pipelines.push(pipeline);
  }
  return {
    ...(remote && { repository: { owner: remote.owner, name: remote.name } }),
    registries: proposeRegistries(hosts, remote, cleaned(remote?.owner ?? '') || 'my-team'),
    images: proposeImages(tree, dockerfiles, name),
    pipelines,
  };
}
