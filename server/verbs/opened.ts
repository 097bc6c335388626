import { KANIKO_MANIFEST_PATH } from '../../generator/project.js';
import type { ContextSource } from '../../generator/ports.js';
import type { TrustRules } from '../../generator/trust.js';
import { WorkError } from '../../schema/index.js';
import { isFork } from '../commands/policy.js';
import { manifestBranch } from '../manifest-branch.js';
import type { PullRequest, Repository } from '../ports.js';
import { trustOf } from '../trust.js';
import type { World } from '../world.js';

/** The files of a pull request, and what they may decide. */
export interface Opened {
  readonly source: ContextSource;
  readonly trust: TrustRules;
}

/**
 * Opens the files of a commit of a pull request, for as long as `use` needs them.
 *
 * @throws what opening and `use` throw
 */
export async function withFiles<T>(
  world: World,
  pullRequest: PullRequest,
  commit: string,
  signal: AbortSignal,
  use: (opened: Opened) => Promise<T>,
): Promise<T> {
  const { settings } = world;
  const { repository } = pullRequest;
  const fork = isFork(pullRequest);
  const manifest = await trustedManifest(world, pullRequest, signal);
  const trust = trustOf(settings, repository, manifest, fork);
  // A fork's commits are in the repository that it wants to change, too: GitHub keeps them for the pull request.
  return withCommit(world, repository, commit, signal, (source) => use({ source, trust }));
}

/** Opens the files of a commit, for as long as `use` needs them. */
export async function withCommit<T>(
  { openCommit }: World,
  repository: Repository,
  commit: string,
  signal: AbortSignal,
  use: (source: ContextSource) => Promise<T>,
): Promise<T> {
  const source = await openCommit(repository, commit, signal);
  try {
    return await use(source);
  } finally {
    await source.dispose();
  }
}

/**
 * The kaniko-manifest.yaml at the tip of a branch that the author of the pull request does not choose. The base branch
 * is any branch that its author made, and the base commit that GitHub shows may be long gone from it.
 */
async function trustedManifest(
  world: World,
  pullRequest: PullRequest,
  signal: AbortSignal,
): Promise<TrustRules['manifest']> {
  const { repository } = pullRequest;
  const branch = manifestBranch(pullRequest, world.settings.server.manifest_branches);
  // Its builds have the manifest of the settings.
  if (isFork(pullRequest)) return { branch };
  const tip = await world.github.branchTip(repository, branch);
  if (tip === undefined) {
    throw new WorkError(
      `The branch \`${branch}\` was not found, and its kaniko-manifest.yaml is needed.`,
      'Check the default branch of the repository on GitHub.',
    );
  }
  const text = await withCommit(world, repository, tip, signal, (source) =>
    source.text(KANIKO_MANIFEST_PATH),
  );
  return { branch, ...(text !== undefined && { text }) };
}
