import type { WorkflowRunner } from '../generator/ports.js';
import type { GitHub } from './ports.js';
import type { Taken } from './taken.js';
import { unlessAborted } from './unless-aborted.js';
import type { Work, World } from './world.js';

/** What a command stood on is gone: nothing was submitted. */
export class Withdrawn extends Error {
  override readonly name = 'Withdrawn';
}

/**
 * Looks once more before a workflow is submitted, as packing may have taken minutes: a comment that asks for it is still
 * there, and the pull request open.
 */
export function guarded(
  { github, runner }: World,
  { pullRequest, comments }: Pick<Taken, 'pullRequest' | 'comments'>,
  { signal }: Pick<Work, 'signal'>,
): WorkflowRunner {
  return {
    async submit(workflow) {
      const [there, now] = await unlessAborted(
        signal,
        Promise.all([isAnyThere(github, pullRequest, comments), github.pullRequests.read(pullRequest)]),
      );
      if (!there) throw new Withdrawn('The comment was deleted before its workflow was submitted.');
      if (now?.open !== true)
        throw new Withdrawn('The pull request was closed before its workflow was submitted.');
      return unlessAborted(signal, runner.submit(workflow));
    },
  };
}

async function isAnyThere(
  { pullRequests }: Pick<GitHub, 'pullRequests'>,
  { repository }: Taken['pullRequest'],
  comments: Taken['comments'],
): Promise<boolean> {
  for (const { id } of comments) if (await pullRequests.comment(repository, id)) return true;
  return false;
}
