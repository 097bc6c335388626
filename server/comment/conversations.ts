import { CommitConversations } from './commit-conversations.js';
import type { Conversations, ConversationsOptions } from './conversation.js';
import { PullConversations } from './pull-conversations.js';

export type { Conversation, Conversations, ConversationsOptions, StateChange } from './conversation.js';

/** The conversations on pull requests, and those on commits that were pushed. */
export function conversations(options: ConversationsOptions): Conversations {
  const [pulls, commits] = [new PullConversations(options), new CommitConversations(options)];
  return {
    read: (origin) => (origin.number === undefined ? commits.read(origin) : pulls.read(origin)),
    change: (origin, ...rest) =>
      origin.number === undefined ? commits.change(origin, ...rest) : pulls.change(origin, ...rest),
  };
}
