import { WorkError } from '../../schema/index.js';
import type { ServerContext } from '../context.js';
import type { PullRequestFiles } from '../planning/files.js';
import type { PullRequest } from '../ports.js';
import { isFork } from '../rules/permissions.js';
import { isFor, repositorySettings } from '../rules/repository-settings.js';
import { manifestBranch } from './manifest-branch.js';

/** What is built: a pull request, or a branch that was pushed, which is its own base. */
export type ChangedFiles = Pick<PullRequest, 'repository' | 'head' | 'base' | 'defaultBranch'>;

/**
 * Names the files of a commit of a pull request or a push, with the tip of the branch whose kaniko-manifest.yaml counts. The
 * author of the pull request does not choose that branch. The base branch is any branch that its author made, and the base
 * commit that GitHub shows may be long gone from it.
 *
 * @throws GitHubError
 * @throws WorkError when the branch is not there, or no rule is for the repository
 */
export async function filesOf(
  { github, settings: all }: ServerContext,
  pullRequest: ChangedFiles,
  commit: string,
): Promise<PullRequestFiles> {
  const { repository } = pullRequest;
  const settings = {
    ...repositorySettings(all, repository),
    notify: all.notify.filter(({ repositories }) => isFor(repositories, repository)),
  };
  const fork = isFork(pullRequest);
  const branch = manifestBranch(pullRequest, settings.server.manifest_branches);
  const files = { repository, commit, fork, settings };
  // Builds of a fork have the manifest of the settings.
  if (fork) return { ...files, manifest: { branch } };
  const tip = await github.branchTip(repository, branch);
  if (tip === undefined) {
    throw new WorkError(
      `The branch \`${branch}\` doesn't exist, and its kaniko-manifest.yaml is needed.`,
      'Check the default branch of the repository on GitHub.',
    );
  }
  return { ...files, manifest: { branch, tip } };
}
