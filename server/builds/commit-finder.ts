import { pickUpOf } from '../comment/pick-ups.js';
import type { ConversationState } from '../comment/state.js';
import { buildOf } from '../comment/transitions.js';
import type { Comment, GitHub, PullRequest } from '../ports.js';

/** Which commit a comment means: the head of its pull request when it was written. */
export interface CommitFinder {
  /** Where it's known already: it was written down before a restart, or read when the comment arrived. */
  fixed(comment: Comment, atArrival?: Promise<string | undefined>): Promise<string | undefined>;
  /**
   * Where it isn't: the head now, if GitHub says that it was the head before the comment was written.
   *
   * @param readsFiles - false: the head now will do, whenever it became the head
   * @returns undefined where GitHub doesn't
   */
  unmoved(comment: Comment, readsFiles: boolean): Promise<string | undefined>;
}

/** @param pullRequest - as it is now */
export function commitFinder(
  github: Pick<GitHub, 'pullRequests'>,
  pullRequest: PullRequest | undefined,
  conversation: ConversationState,
): CommitFinder {
  let since: Promise<Date | undefined> | undefined;
  return {
    async fixed({ id }, atArrival) {
      const recorded = buildOf(conversation, id)?.request.commit ?? pickUpOf(conversation, id)?.commit;
      return recorded ?? (await atArrival);
    },
    async unmoved({ createdAt }, readsFiles) {
      if (!pullRequest) return undefined;
      const { commit } = pullRequest.head;
      if (!readsFiles) return commit;
      since ??= github.pullRequests.headSince(pullRequest);
      const at = await since;
      // GitHub dates comments and pushes by the second: within the same second, their order is unknown.
      return at && at < createdAt ? commit : undefined;
    },
  };
}
