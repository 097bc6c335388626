import type { PullRequestRef, Repository } from './ports.js';

/**
 * A key for one repository: its id and its name, as GitHub doesn't distinguish upper from lower case. Neither is enough:
 * annotations of a workflow can combine the name of one repository with the id of another.
 */
export function repositoryKey({ id, owner, name }: Repository): string {
  return `${owner}/${name} (${id})`.toLowerCase();
}

/** A key for one pull request, by {@link repositoryKey}. */
export function pullRequestKey({ repository, number }: PullRequestRef): string {
  return `${repositoryKey(repository)}#${number}`;
}
