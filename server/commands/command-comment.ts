import type { AuthorisedCommand } from '../builds/authorised-command.js';
import type { PlacedComment } from '../ports.js';
import type { Logger } from '../telemetry/log.js';

/** A comment with a command, and the log for what is done about it. */
export interface CommandComment {
  readonly placed: PlacedComment;
  /** The head when the comment arrived; absent or undefined if unknown. */
  readonly head?: Promise<string | undefined>;
  /** Reconciliation found it, not a delivery: it may have been handled before. */
  readonly found?: true;
  readonly log: Logger;
}

/** Comments on one pull request with the same command: at least one. */
export type CommentGroup = readonly [CommandComment, ...CommandComment[]];

export function commentsOf([first, ...others]: CommentGroup): AuthorisedCommand['comments'] {
  return [first.placed.comment, ...others.map(({ placed }) => placed.comment)];
}
