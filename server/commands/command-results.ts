import type { CommandOutcome, Metrics } from '../telemetry/metrics.js';
import type { CommandComment } from './command-comment.js';

/** The result of the command in one comment. */
export interface CommandResult {
  readonly outcome: CommandOutcome;
  /** Why it was ignored or refused. */
  readonly why?: string;
  readonly commentId: number;
  /** The comment was skipped, and must be handled again later. */
  readonly later?: true;
}

/** Collects the result for each comment, and logs and counts it. */
export class CommandResults {
  readonly all: CommandResult[] = [];

  /** @param command - as written; undefined if it cannot be parsed */
  constructor(
    private readonly metrics: Pick<Metrics, 'command'>,
    private readonly verb: string,
    private readonly command: string | undefined,
  ) {}

  add({ placed, log }: CommandComment, outcome: CommandOutcome, why?: string): void {
    const { comment } = placed;
    log.info({ command: this.command, by: comment.author.login, outcome, why }, 'command');
    this.metrics.command(this.verb, outcome);
    this.all.push({ outcome, commentId: comment.id, ...(why !== undefined && { why }) });
  }

  /** The comment is to be handled again later. */
  postpone(comment: CommandComment, why: string): void {
    this.add(comment, 'ignored', why);
    const last = this.all.pop();
    if (last) this.all.push({ ...last, later: true });
  }
}
