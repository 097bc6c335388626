import { unlessAborted } from '../../common/unless-aborted.js';
import type { WorkflowRunner } from '../../generator/ports.js';
import { buildOf, hasEnded } from '../comment/transitions.js';
import type { Work, ServerContext } from '../context.js';
import type { GitHub, PushEvent } from '../ports.js';
import type { AuthorisedCommand } from './authorised-command.js';
import { checkNotRefused, HandledElsewhere, type CountedCommand } from './pick-ups.js';

/** What a command stood on is gone: nothing was submitted. */
export class Withdrawn extends Error {
  override readonly name = 'Withdrawn';
}

/**
 * Looks once more before a workflow is submitted, as packing may have taken minutes: a comment that asks for it, or the
 * commit that started it, is still there, the pull request open, and no other replica has refused the command or told that it failed.
 */
export function recheckingRunner(
  { github, runner, conversations }: ServerContext,
  {
    pullRequest,
    comments,
    commit,
    trigger,
  }: Pick<AuthorisedCommand, 'pullRequest' | 'comments' | 'commit' | 'trigger'>,
  { signal }: Pick<Work, 'signal'>,
): WorkflowRunner {
  return {
    async submit(workflow) {
      const [there, now, { state }] = await unlessAborted(
        signal,
        Promise.all([
          trigger !== undefined || isAnyThere(github, pullRequest, comments),
          github.pullRequests.read(pullRequest),
          conversations.read(pullRequest),
        ]),
      );
      const build = buildOf(state, comments[0].id);
      if (build && hasEnded(build)) throw new HandledElsewhere();
      checkNotRefused(
        state,
        comments.map(({ id }) => id),
      );
      if (!there) throw new Withdrawn('The comment was deleted before its workflow was submitted.');
      if (now?.open !== true)
        throw new Withdrawn('The pull request was closed before its workflow was submitted.');
      if (trigger && now.head.commit !== commit)
        throw new Withdrawn('A newer commit was pushed before its workflow was submitted.');
      return unlessAborted(signal, runner.submit(workflow));
    },
  };
}

/** The same for a push: its branch has not moved on meanwhile. */
export function recheckPush(
  { github, runner, conversations }: ServerContext,
  { origin }: PushEvent,
  { comments }: CountedCommand,
  { signal }: Pick<Work, 'signal'>,
): WorkflowRunner {
  const { repository, commit, ref } = origin;
  return {
    async submit(workflow) {
      const [tip, { state }] = await unlessAborted(
        signal,
        Promise.all([
          ref.kind === 'branch' ? github.branchTip(repository, ref.name) : commit,
          conversations.read(origin),
        ]),
      );
      const build = buildOf(state, comments[0].id);
      if (build && hasEnded(build)) throw new HandledElsewhere();
      if (tip !== commit)
        throw new Withdrawn('The branch was moved or deleted before its workflow was submitted.');
      return unlessAborted(signal, runner.submit(workflow));
    },
  };
}

async function isAnyThere(
  { pullRequests }: Pick<GitHub, 'pullRequests'>,
  { repository }: AuthorisedCommand['pullRequest'],
  comments: AuthorisedCommand['comments'],
): Promise<boolean> {
  for (const { id } of comments) if (await pullRequests.comment(repository, id)) return true;
  return false;
}
