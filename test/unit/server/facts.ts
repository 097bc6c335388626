import type { Facts } from '../../../server/commands/policy.js';
import type { Account, PullRequest, Repository } from '../../../server/ports.js';

export const REPOSITORY: Repository = { id: 7, owner: 'my-team', name: 'iris' };
export const FORK: Repository = { id: 8, owner: 'stranger', name: 'iris' };
export const ANN: Account = { id: 1, login: 'ann', bot: false };
export const ME: Account = { id: 99, login: 'kfops[bot]', bot: true };
export const HEAD = 'a'.repeat(40);

/** An open pull request of the repository itself. */
export function pullRequest(changes: Partial<PullRequest> = {}): PullRequest {
  return {
    repository: REPOSITORY,
    number: 17,
    open: true,
    draft: false,
    locked: false,
    author: ANN,
    labels: [],
    head: { commit: HEAD, branch: 'change', repository: REPOSITORY },
    base: { commit: 'b'.repeat(40), branch: 'main' },
    defaultBranch: 'main',
    ...changes,
  };
}

/** `/build` by somebody who may. */
export function facts(changes: Partial<Facts> = {}): Facts {
  return {
    repositories: ['my-team/iris'],
    repository: REPOSITORY,
    author: ANN,
    me: ME,
    edited: false,
    command: { verb: 'build' },
    pullRequest: pullRequest(),
    permission: 'write',
    forks: false,
    approved: [],
    ...changes,
  };
}
