import type { ServerContext } from '../context.js';
import type { Repository } from '../ports.js';
import type { Logger } from '../telemetry/log.js';
import { allowedTriggers } from '../triggers/allowed.js';
import { whyNoStart } from '../triggers/why-not.js';
import { COMMAND_LIFETIME_MS } from './catch-up.js';
import { logOf } from './event-log.js';
import type { Inbox } from './inbox.js';

/**
 * Adds heads of pull requests that were pushed recently and may start something, and that no event told this process of. A
 * head that was pushed before counts no longer: somebody who comments on an old pull request starts nothing.
 *
 * @throws GitHubError
 */
export async function addMissedHeads(
  { github, settings }: Pick<ServerContext, 'github' | 'settings'>,
  inbox: Inbox,
  repository: Repository,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  if ((allowedTriggers(settings, repository)?.pull_request.length ?? 0) === 0) return;
  const since = new Date(github.now().getTime() - COMMAND_LIFETIME_MS);
  for await (const pullRequest of github.pullRequests.recentlyChanged(repository, since)) {
    if (signal.aborted) return;
    const { number, author, head } = pullRequest;
    const { commit } = head;
    if (inbox.knowsHead({ pullRequest, commit }) || whyNoStart(pullRequest, commit) !== undefined) continue;
    const at = await github.pullRequests.headSince(pullRequest);
    if (!at || at < since) {
      inbox.rememberHead({ pullRequest, commit });
      continue;
    }
    const event = {
      kind: 'offered',
      pullRequest: { repository, number },
      commit,
      sender: author,
      at,
    } as const;
    inbox.add({ event, log: logOf(event, log), receivedAt: new Date() });
  }
}
