import { GitHubError } from '../github/errors.js';
import type { GitHub, PullRequest } from '../ports.js';
import type { Logger } from '../telemetry/log.js';
import { answerReport } from './check.js';
import type { ConversationState, Reply } from './state.js';

/**
 * Gives an answer as a check of the head, where the conversation is locked and GitHub refuses the comment. Where GitHub
 * refuses the check, too, only the log says it: there is no other place, and the command must not be done again for it.
 *
 * @throws GitHubError when GitHub does not answer
 */
export async function answerByCheck(
  github: Pick<GitHub, 'checks'>,
  { repository, number, head }: PullRequest,
  reply: Reply,
  log: Pick<Logger, 'warn'>,
): Promise<void> {
  // Somebody who may not command must not mark a commit.
  if (reply.stranger) return;
  try {
    await github.checks.report(repository, answerReport(reply, head.commit), 'reply');
  } catch (err) {
    if (!isRefused(err)) throw err;
    log.warn(
      { err, pullRequest: number },
      'reply lost: the conversation is locked, and GitHub rejected the check',
    );
  }
}

/**
 * Whether a command that has neither 🚀 nor 👎 was handled nevertheless: GitHub takes no reactions in a locked
 * conversation, and a command must not stop or start anything a second time when it is found again. The comment and the
 * checks have the numbers of commands that were handled. Those of one pull request are handled in their order, so a later
 * one counts, too. Where the conversation is unlocked again, only the answers of that time count.
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
      // A server that may not read checks has written no check either.
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
