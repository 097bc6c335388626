import { ConfigError, WorkError } from '../../schema/index.js';
import { manifestBranch } from '../builds/manifest-branch.js';
import type { ServerContext, Work } from '../context.js';
import type { PullRequest } from '../ports.js';
import { repositorySettings } from '../rules/repository-settings.js';

/**
 * What the repository wants its pull requests to start. The config.yaml of the default branch counts, or of the base
 * branch where the settings list it: the author of a pull request chooses neither.
 *
 * @returns `none` also where the file has errors, which are logged
 * @throws GitHubError
 */
export async function wantedOf(
  { github, planner, settings }: ServerContext,
  pullRequest: PullRequest,
  { log, signal }: Work,
): Promise<'plan' | 'build' | 'none'> {
  const { repository } = pullRequest;
  const { server } = repositorySettings(settings, repository);
  const branch = manifestBranch(pullRequest, server.manifest_branches);
  const commit = await github.branchTip(repository, branch);
  if (commit === undefined) return 'none';
  try {
    const wanted = await planner.do('triggers', { repository, commit }, { repository, log, signal });
    return wanted.pull_request;
  } catch (err) {
    if (!(err instanceof ConfigError) && !(err instanceof WorkError)) throw err;
    log.warn({ err, branch }, 'cannot read what config.yaml wants to be started');
    return 'none';
  }
}
