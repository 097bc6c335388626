import type { ServerContext, Work } from '../context.js';
import type { PushEvent } from '../ports.js';
import { isServed } from '../rules/permissions.js';
import { startByPush } from '../triggers/push.js';
import { ignored, type TriggerResult } from '../triggers/result.js';

/**
 * A branch or tag was pushed: starts what the repository wants to be started for it.
 *
 * @throws GitHubError, KubernetesError
 */
export async function pushed(context: ServerContext, event: PushEvent, work: Work): Promise<TriggerResult> {
  const { repository, commit } = event.origin;
  if (!isServed(context.settings.server.repositories, repository))
    return ignored('the settings do not name this repository');
  const result = await startByPush(context, event, work);
  work.log.info({ trigger: result, commit }, 'a push that may start something');
  return result;
}
