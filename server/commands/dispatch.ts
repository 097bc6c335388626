import type { CommandReply, AuthorisedCommand } from '../builds/authorised-command.js';
import { recordStart } from '../builds/pick-ups.js';
import { refuses } from '../builds/replies.js';
import { failureReply } from '../builds/report-failure.js';
import { submit, type Submission, type WorkflowRequest } from '../builds/submit.js';
import { renderHelp, renderNotThere } from '../comment/answers.js';
import type { Work, ServerContext } from '../context.js';
import { buildsForks } from '../rules/repository-settings.js';
import type { CommandOutcome } from '../telemetry/metrics.js';
import { approve } from './verbs/approve.js';
import { build } from './verbs/build.js';
import { cancel } from './verbs/cancel.js';
import { plan } from './verbs/plan.js';
import { retry } from './verbs/retry.js';
import { runPublished } from './verbs/run.js';
import { status } from './verbs/status.js';

/** The outcome of a command. Without an answer, the conversation shows it already. */
export interface DispatchResult {
  readonly outcome: CommandOutcome;
  readonly answer?: CommandReply;
  /** Absent if the answer decides it. */
  readonly reaction?: 'rocket' | '-1';
}

/**
 * Runs an authorised command: its verb replies, or says which workflow to submit. A failure is its answer.
 *
 * @throws GitHubError, or the signal's reason
 */
export async function dispatchCommand(
  context: ServerContext,
  authorised: AuthorisedCommand,
  work: Work,
): Promise<DispatchResult> {
  try {
    const result = await runVerb(context, authorised, work);
    return 'make' in result ? ofSubmission(await submit(context, result, work)) : ofReply(result);
  } catch (error) {
    return { outcome: 'failed', answer: failureReply(error, work) };
  }
}

async function runVerb(
  context: ServerContext,
  authorised: AuthorisedCommand,
  work: Work,
): Promise<WorkflowRequest | CommandReply> {
  const { verb } = authorised.command;
  switch (verb) {
    case 'build':
    case 'build_run':
      return build(context, authorised, work);
    case 'run':
      return runPublished(context, authorised, work);
    case 'retry':
      return retry(context, authorised, work);
    case 'plan':
      await recordStart(context, authorised);
      return plan(context, authorised, work);
    case 'status':
      return status(context, authorised, work);
    case 'cancel':
      return cancel(context, authorised, work);
    case 'ok-to-test':
      return approve(context, authorised);
    case 'help': {
      const forks = buildsForks(context.settings, authorised.pullRequest.repository);
      return { kind: 'answer', markdown: renderHelp({ ...context.render, forks }) };
    }
    case 'deploy':
    case 'staging_deploy':
      return { kind: 'answer', markdown: renderNotThere(verb, context.settings.server.command_prefix) };
  }
}

function ofReply(answer: CommandReply): DispatchResult {
  return { outcome: answer.kind === 'answer' ? 'answered' : 'refused', answer };
}

function ofSubmission(submission: Submission): DispatchResult {
  switch (submission.kind) {
    case 'submitted':
      return { outcome: 'submitted', reaction: 'rocket' };
    case 'joined':
      return { outcome: 'joined', reaction: 'rocket' };
    case 'busy':
      return ofReply(
        refuses(
          `The workflow \`${submission.running.name}\` still runs for this pull request.`,
          'Wait for its end, or stop it first: `cancel`.',
        ),
      );
    case 'failed':
      return { outcome: 'failed', reaction: '-1' };
    case 'withdrawn':
      // Of several comments that ask for it, some may be there; one that is gone takes no reaction.
      return { outcome: 'ignored', reaction: '-1' };
  }
}
