import { trustOf } from '../trust.js';
import { isFork } from '../commands/policy.js';
import type { TrustRules } from '../../generator/trust.js';
import type { ContextSource } from '../../generator/ports.js';
import type { PullRequest } from '../ports.js';
import type { World } from '../world.js';

/** The files of a pull request, and what they may decide. */
export interface Opened {
  readonly source: ContextSource;
  readonly base: ContextSource;
  readonly trust: TrustRules;
}

/**
 * Opens the files of a commit of a pull request and those of its base branch, for as long as `use` needs them.
 *
 * @throws what opening and `use` throw
 */
export async function withFiles<T>(
  { openCommit, settings }: World,
  pullRequest: PullRequest,
  commit: string,
  signal: AbortSignal,
  use: (opened: Opened) => Promise<T>,
): Promise<T> {
  const { repository, base } = pullRequest;
  // A fork's commits are in the repository that it wants to change, too: GitHub keeps them for the pull request.
  const source = await openCommit(repository, commit, signal);
  try {
    const baseSource = await openCommit(repository, base.commit, signal);
    try {
      const trust = trustOf(settings, repository, baseSource, isFork(pullRequest));
      return await use({ source, base: baseSource, trust });
    } finally {
      await baseSource.dispose();
    }
  } finally {
    await source.dispose();
  }
}
