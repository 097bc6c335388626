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

  add(comment: CommandComment, outcome: CommandOutcome, why?: string): void {
    this.#record(comment, { outcome, ...(why !== undefined && { why }) });
  }

  /** The comment must be handled again later. */
  postpone(comment: CommandComment, why: string): void {
    this.#record(comment, { outcome: 'ignored', why, later: true });
  }

  #record({ placed: { comment }, log }: CommandComment, result: Omit<CommandResult, 'commentId'>): void {
    const { outcome, why } = result;
    log.info({ command: this.command, by: comment.author.login, outcome, why }, 'command');
    this.metrics.command(this.verb, outcome);
    this.all.push({ ...result, commentId: comment.id });
  }
}
