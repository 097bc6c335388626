import { refPath } from '../generator/workflow/git-ref.js';
import type { Origin, Repository } from './ports.js';

/**
 * A key for one repository: its id and its name, as GitHub doesn't distinguish upper from lower case. Neither is enough:
 * annotations of a workflow can combine the name of one repository with the id of another.
 */
export function repositoryKey({ id, owner, name }: Repository): string {
  return `${owner}/${name} (${id})`.toLowerCase();
}

/** A key for one pull request, or one commit that was pushed to a branch or as a tag, by {@link repositoryKey}. */
export function originKey(origin: Origin): string {
  const key = repositoryKey(origin.repository);
  return origin.number === undefined
    ? `${key}@${origin.commit} ${refPath(origin.ref)}`
    : `${key}#${origin.number}`;
}
