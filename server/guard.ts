import type { WorkflowRunner } from '../generator/ports.js';
import type { PlacedComment } from './ports.js';
import { unlessAborted } from './unless-aborted.js';
import type { Work, World } from './world.js';

/** What a command stood on is gone: nothing was submitted. */
export class Withdrawn extends Error {
  override readonly name = 'Withdrawn';
}

/**
 * Looks once more before a workflow is submitted, as packing may have taken minutes: the comment is still there, and
 * the pull request open.
 */
export function guarded(
  { github, runner }: World,
  { pullRequest, comment }: PlacedComment,
  { signal }: Pick<Work, 'signal'>,
): WorkflowRunner {
  return {
    async submit(workflow) {
      const [there, now] = await unlessAborted(
        signal,
        Promise.all([
          github.pullRequests.comment(pullRequest.repository, comment.id),
          github.pullRequests.read(pullRequest),
        ]),
      );
      if (!there) throw new Withdrawn('The comment was deleted before its workflow was submitted.');
      if (now?.open !== true)
        throw new Withdrawn('The pull request was closed before its workflow was submitted.');
      return unlessAborted(signal, runner.submit(workflow));
    },
  };
}
