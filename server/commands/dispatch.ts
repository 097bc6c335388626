import type { CommandReply, AuthorisedCommand } from '../builds/authorised-command.js';
import { refusal } from '../builds/replies.js';
import { failureReply } from '../builds/report-failure.js';
import { submit, type Submission } from '../builds/submit.js';
import { commandCode } from '../comment/view.js';
import type { Work, ServerContext } from '../context.js';
import type { CommandOutcome } from '../telemetry/metrics.js';
import { verbOf } from './verb-table.js';

/** The outcome of a command. Without a reply, the conversation shows it already. */
export interface DispatchResult {
  readonly outcome: CommandOutcome;
  readonly reply?: CommandReply;
  /** Absent if the reply decides it. */
  readonly reaction?: 'rocket' | '-1';
}

/**
 * Runs an authorised command: its verb replies, or says which workflow to submit. A failure is its reply.
 *
 * @throws GitHubError, or the signal's reason
 */
export async function dispatchCommand(
  context: ServerContext,
  authorised: AuthorisedCommand,
  work: Work,
): Promise<DispatchResult> {
  try {
    const result = await verbOf(authorised.command).run(context, authorised, work);
    return 'make' in result ? ofSubmission(await submit(context, result, work), context) : ofReply(result);
  } catch (error) {
    return { outcome: 'failed', reply: failureReply(error, work) };
  }
}

function ofReply(reply: CommandReply): DispatchResult {
  return { outcome: reply.kind === 'answer' ? 'answered' : 'refused', reply };
}

function ofSubmission(submission: Submission, { render }: ServerContext): DispatchResult {
  switch (submission.kind) {
    case 'submitted':
      return { outcome: 'submitted', reaction: 'rocket' };
    case 'joined':
      return { outcome: 'joined', reaction: 'rocket' };
    case 'busy':
      return ofReply(
        refusal(
          `The workflow \`${submission.running.name}\` still runs for this pull request.`,
          `Wait for its end, or stop it first: ${commandCode('cancel', render.prefix)}.`,
        ),
      );
    case 'failed':
      return { outcome: 'failed', reaction: '-1' };
    case 'withdrawn':
      // Several comments can ask for it, and some may still exist; a deleted comment takes no reaction.
      return { outcome: 'ignored', reaction: '-1' };
  }
}
