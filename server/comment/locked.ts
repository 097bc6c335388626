import { GitHubError } from '../github/errors.js';
import type { GitHub, PullRequest } from '../ports.js';
import type { Logger } from '../telemetry/log.js';
import { answerReport } from './check.js';
import type { ConversationState, Reply } from './state.js';

/**
 * Replies with a check of the head if the conversation is locked and GitHub rejects the comment. If GitHub rejects the
 * check, too, it is only logged: there is no other place, and the command must not run again for it.
 *
 * @throws GitHubError if GitHub doesn't respond
 */
export async function answerByCheck(
  github: Pick<GitHub, 'checks'>,
  { repository, head }: PullRequest,
  reply: Reply,
  log: Pick<Logger, 'warn'>,
): Promise<void> {
  // Someone without permission must not mark a commit.
  if (reply.stranger) return;
  try {
    await github.checks.report(repository, answerReport(reply, head.commit), 'reply');
  } catch (err) {
    if (!isRefused(err)) throw err;
    log.warn({ err }, 'reply lost: the conversation is locked, and GitHub rejected the check');
  }
}

/**
 * Whether a command without 🚀 and 👎 was handled nevertheless. GitHub accepts no reactions in a locked conversation, and
 * a command must not start or stop anything twice. The comment and the checks contain the ids of handled commands; the
 * commands of a pull request are handled in order, so a later one counts, too. Once the conversation is unlocked, only
 * replies from that time count.
 */
export async function wasHandled(
  github: Pick<GitHub, 'checks'>,
  { repository, head, locked }: PullRequest,
  { builds, reply }: ConversationState,
  commentId: number,
): Promise<boolean> {
  const latest = async (kind?: 'answer'): Promise<number> => {
    try {
      return await github.checks.latest(repository, head.commit, kind);
    } catch (error) {
      // A server without permission to read checks hasn't written one either.
      if (isRefused(error)) return 0;
      throw error;
    }
  };
  if (locked) {
    const recorded = [reply?.commentId ?? 0, ...builds.flatMap(({ request }) => request.commentIds)];
    if (recorded.some((id) => id > commentId) || reply?.commentId === commentId) return true;
    if ((await latest()) >= commentId) return true;
  }
  return (await latest('answer')) >= commentId;
}

function isRefused(error: unknown): error is GitHubError {
  return error instanceof GitHubError && error.trouble === 'refused';
}
