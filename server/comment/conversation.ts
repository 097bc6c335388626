import type { Logger } from 'pino';

import type { Comment, GitHub, Origin, Urgency } from '../ports.js';
import type { RenderContext } from './render.js';
import type { ConversationState } from './state.js';

/**
 * A change of a state. Pure and idempotent: it is applied again if another replica has written meanwhile.
 */
export type StateChange = (state: ConversationState) => ConversationState;

/** What the server's comment on a pull request holds. */
export interface Conversation {
  readonly state: ConversationState;
  /** Absent if there is none yet. */
  readonly comment: Comment | undefined;
  /**
   * What the comment would show; only if GitHub rejects it because the conversation is locked. Then only this process
   * knows the state.
   */
  readonly unwritten?: string;
}

/** The server's one comment on each pull request, and its comments on commits that were pushed. */
export interface Conversations {
  read(origin: Origin): Promise<Conversation>;
  /**
   * Changes the state, and writes the comment if its text changes. A change that returns the same state object writes
   * nothing. Changes of one pull request run one after the other; waiting ones are written together. A change with the
   * urgency `record` or `reply` is read back after the write.
   *
   * In a locked conversation the change is kept in memory, and written with a later one once GitHub accepts comments
   * again. Each change is tried once, and those with the urgency `progress` not at all. An approval of a fork's commit is
   * not kept: it must hold for every replica.
   *
   * @throws what `change` throws, and GitHubError
   */
  change(origin: Origin, change: StateChange, urgency: Urgency): Promise<Conversation>;
}

export interface ConversationsOptions {
  readonly github: Pick<GitHub, 'comments' | 'commitComments' | 'people' | 'pullRequests'>;
  readonly render: Pick<RenderContext, 'web' | 'prefix'>;
  readonly log: Pick<Logger, 'warn' | 'error'>;
  /** Most pull requests whose comment is cached. Default: 2,000. */
  readonly remembered?: number;
}
