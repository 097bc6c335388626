import type { ServerContext } from '../context.js';
import type { Account, Repository } from '../ports.js';
import { isBot, mayCommand } from '../rules/permissions.js';
import { ignored, type TriggerResult } from './result.js';

/**
 * Why somebody's commit starts nothing.
 *
 * @param bots - logins of bots that count as people with write permission
 * @returns undefined where it may
 * @throws GitHubError
 */
export async function whyNoPermission(
  { github, refusals }: ServerContext,
  repository: Repository,
  account: Account,
  bots: readonly string[] = [],
): Promise<TriggerResult | undefined> {
  const { login } = account;
  if (isBot(account)) return bots.includes(login) && account.bot ? undefined : ignored(`${login} is a bot`);
  const permission = await refusals.permission(repository, account, () =>
    github.people.permission(repository, login),
  );
  if (permission === 'unknown' || permission === 'later')
    return { ...ignored(`GitHub does not say what ${login} may do`), later: true };
  return mayCommand(permission) ? undefined : ignored(`${login} has no write permission`);
}
