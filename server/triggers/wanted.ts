import { ConfigError, WorkError, type Config } from '../../schema/index.js';
import { manifestBranch } from '../builds/manifest-branch.js';
import type { ServerContext, Work } from '../context.js';
import type { PullRequest } from '../ports.js';
import { repositorySettings } from '../rules/repository-settings.js';

/** `triggers` of config.yaml. */
export type WantedTriggers = NonNullable<Config['triggers']>;

/**
 * What the repository wants to be started. The config.yaml of the default branch counts, or of the branch that changes
 * where the settings list it: the author of a pull request chooses neither.
 *
 * @param changed - of a pull request, a push, or a tag, which changes the default branch for this purpose
 * @returns undefined where it wants nothing, also where the file has errors, which are logged
 * @throws GitHubError
 */
export async function wantedTriggers(
  { github, planner, settings }: ServerContext,
  changed: Pick<PullRequest, 'repository' | 'base' | 'defaultBranch'>,
  { log, signal }: Work,
): Promise<WantedTriggers | undefined> {
  const { repository } = changed;
  const { server } = repositorySettings(settings, repository);
  const branch = manifestBranch(changed, server.manifest_branches);
  const commit = await github.branchTip(repository, branch);
  if (commit === undefined) return undefined;
  try {
    return await planner.do('triggers', { repository, commit }, { repository, log, signal });
  } catch (err) {
    if (!(err instanceof ConfigError) && !(err instanceof WorkError)) throw err;
    log.warn({ err, branch }, 'cannot read what config.yaml wants to be started');
    return undefined;
  }
}
