import type { Command } from '../commands/parse/command.js';
import type { ConversationState, Trigger } from '../comment/state.js';
import type { Comment, PullRequest } from '../ports.js';

/** A command that may be obeyed. */
export interface AuthorisedCommand {
  readonly command: Command;
  /** Those that ask for it, the oldest first: at least one. A trigger's comment is nowhere on GitHub. */
  readonly comments: readonly [Comment, ...Comment[]];
  /** As it was when the command was allowed. */
  readonly pullRequest: PullRequest;
  /** Full id: the one that was written down for these comments, else the head when they were written. */
  readonly commit: string;
  /** How often these comments' command was started before, without an end. */
  readonly starts: number;
  /** What the conversation knew. */
  readonly conversation: ConversationState;
  /** What started it without a command. */
  readonly trigger?: Trigger;
}

/** The reply to a command: an answer in the conversation, and a reaction. */
export interface CommandReply {
  readonly kind: 'answer' | 'refusal';
  /** Made harmless. */
  readonly markdown: string;
  /** For somebody without permission to command: it replaces no other answer. */
  readonly stranger?: true;
}
