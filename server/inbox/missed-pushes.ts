import type { ServerContext } from '../context.js';
import type { Repository } from '../ports.js';
import type { Logger } from '../telemetry/log.js';
import { allowedTriggers } from '../triggers/allowed.js';
import { COMMAND_LIFETIME_MS } from './catch-up.js';
import { logOf } from './event-log.js';
import type { Inbox } from './inbox.js';

/**
 * Adds recent pushes to branches that may start something, and that no event told this process of: of each branch the last.
 * GitHub keeps no log of tags: a lost one must be pushed again.
 *
 * @throws GitHubError
 */
export async function addMissedPushes(
  { github, settings }: Pick<ServerContext, 'github' | 'settings'>,
  inbox: Inbox,
  repository: Repository,
  log: Logger,
): Promise<void> {
  if ((allowedTriggers(settings, repository)?.push.length ?? 0) === 0) return;
  const since = new Date(github.now().getTime() - COMMAND_LIFETIME_MS);
  const branches = new Set<string>();
  for (const event of await github.recentPushes(repository)) {
    const { ref } = event.origin;
    if (event.at < since) return;
    if (branches.has(ref.name)) continue;
    branches.add(ref.name);
    if (inbox.knowsPush(event)) continue;
    inbox.add({ event, log: logOf(event, log), receivedAt: new Date() });
  }
}
