import { HOLD_LABEL, type PullRequest } from '../ports.js';
import { isFork } from '../rules/permissions.js';

/** In a commit's message: the commit isn't built by itself. */
const SKIP = '[skip kfops]';

/**
 * Why the head of a pull request must not start anything by itself, as a clause for the log; nothing is asked of GitHub.
 *
 * @param pullRequest - as GitHub shows it now; undefined if it doesn't exist
 * @param commit - the head that the event told of
 * @returns undefined where it may
 */
export function whyNoStart(pullRequest: PullRequest | undefined, commit: string): string | undefined {
  if (!pullRequest) return 'there is no such pull request';
  if (!pullRequest.open) return 'the pull request is closed';
  if (isFork(pullRequest)) return 'the pull request comes from a fork';
  // Its own event is on its way.
  if (pullRequest.head.commit !== commit) return 'the branch has moved on since';
  if (pullRequest.draft) return 'the pull request is a draft';
  return pullRequest.labels.includes(HOLD_LABEL) ? `it has the label ${HOLD_LABEL}` : undefined;
}

/** Whether a commit's author doesn't want it to be built by itself. */
export function isSkipped(message: string): boolean {
  return message.toLowerCase().includes(SKIP);
}
