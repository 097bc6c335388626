import type { Account, Permission, PullRequest } from '../ports.js';

const MAY_COMMAND: ReadonlySet<string> = new Set<Permission>(['write', 'maintain', 'admin']);

/** Whether somebody with this permission may have commands obeyed. */
export function mayCommand(permission: Permission | 'unknown'): boolean {
  return MAY_COMMAND.has(permission);
}

/** Whether an account is a program's: its comments command nothing, and what it pushes starts nothing. */
export function isBot({ bot, login }: Account): boolean {
  return bot || login.endsWith('[bot]');
}

/** Whether commands of a repository are obeyed. GitHub's names do not tell upper from lower case. */
export function isServed(
  repositories: readonly string[],
  { owner, name }: { readonly owner: string; readonly name: string },
): boolean {
  const wanted = `${owner}/${name}`.toLowerCase();
  return repositories.some((served) => served.toLowerCase() === wanted);
}

/** @returns whether the commits come from another repository, or from a deleted one */
export function isFork({ head, repository }: Pick<PullRequest, 'head' | 'repository'>): boolean {
  return head.repository?.id !== repository.id;
}
