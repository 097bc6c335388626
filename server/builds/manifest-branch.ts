import { matchesName } from '../../generator/project/name-pattern.js';
import type { PullRequest } from '../ports.js';

/**
 * The branch whose kaniko-manifest.yaml counts for a pull request: its base branch where the settings name that, else
 * the default branch.
 *
 * @param allowed - names or patterns: `server.manifest_branches` of the settings
 */
export function manifestBranch(
  { base, defaultBranch }: Pick<PullRequest, 'base' | 'defaultBranch'>,
  allowed: readonly string[],
): string {
  return allowed.some((pattern) => matchesName(pattern, base.branch)) ? base.branch : defaultBranch;
}
