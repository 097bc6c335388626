import { unlessAborted } from '../../common/unless-aborted.js';
import type { WorkflowRunner } from '../../generator/ports.js';
import { buildOf, hasEnded } from '../comment/transitions.js';
import type { Work, ServerContext } from '../context.js';
import type { GitHub, Origin, PushEvent } from '../ports.js';
import type { AuthorisedCommand } from './authorised-command.js';
import { checkNotEnded, HandledElsewhere, type CountedCommand } from './pick-ups.js';

/** What a command stood on is gone: nothing was submitted. */
export class Withdrawn extends Error {
  override readonly name = 'Withdrawn';
}

/**
 * Looks once more before a workflow is submitted, as packing may have taken minutes: a comment that asks for it, or the
 * commit that started it, is still there, the pull request open, and no other replica has ended the command.
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
      const [there, now] = await unlessAborted(
        signal,
        Promise.all([
          trigger !== undefined || isAnyThere(github, pullRequest, comments),
          github.pullRequests.read(pullRequest),
        ]),
      );
      await lastLook(conversations, pullRequest, comments, signal);
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
      const tip =
        ref.kind === 'branch' ? await unlessAborted(signal, github.branchTip(repository, ref.name)) : commit;
      await lastLook(conversations, origin, comments, signal);
      if (tip !== commit)
        throw new Withdrawn('The branch was moved or deleted before its workflow was submitted.');
      return unlessAborted(signal, runner.submit(workflow));
    },
  };
}

/**
 * Another replica that tells of a failure looks for the workflow right afterwards, so what lies between this
 * and the submission must be short.
 *
 * @throws HandledElsewhere when another replica has ended the command
 */
async function lastLook(
  conversations: ServerContext['conversations'],
  origin: Origin,
  comments: CountedCommand['comments'],
  signal: AbortSignal,
): Promise<void> {
  const { state } = await unlessAborted(signal, conversations.read(origin));
  const build = buildOf(state, comments[0].id);
  if (build && hasEnded(build)) throw new HandledElsewhere();
  checkNotEnded(state, comments);
}

async function isAnyThere(
  { pullRequests }: Pick<GitHub, 'pullRequests'>,
  { repository }: AuthorisedCommand['pullRequest'],
  comments: AuthorisedCommand['comments'],
): Promise<boolean> {
  for (const { id } of comments) if (await pullRequests.comment(repository, id)) return true;
  return false;
}
