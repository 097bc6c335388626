import type { CommandReply, AuthorisedCommand } from '../builds/authorised-command.js';
import { recordStart } from '../builds/pick-ups.js';
import { refuses } from '../builds/replies.js';
import { failureReply } from '../builds/report-failure.js';
import type { Submission } from '../builds/submit.js';
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

/** What became of a command. Without an answer the conversation tells of it already. */
export interface DispatchResult {
  readonly outcome: CommandOutcome;
  readonly answer?: CommandReply;
  /** Absent where the answer decides it. */
  readonly reaction?: 'rocket' | '-1';
}

/**
 * Does what an allowed command asks for. What goes wrong with it is its answer.
 *
 * @throws GitHubError, or the signal's reason
 */
export async function dispatchCommand(
  context: ServerContext,
  taken: AuthorisedCommand,
  work: Work,
): Promise<DispatchResult> {
  try {
    return await obey(context, taken, work);
  } catch (error) {
    return { outcome: 'failed', answer: failureReply(error, work) };
  }
}

async function obey(context: ServerContext, taken: AuthorisedCommand, work: Work): Promise<DispatchResult> {
  const { verb } = taken.command;
  const { settings } = context;
  switch (verb) {
    case 'build':
    case 'build_run':
      return ofSubmission(await build(context, taken, work));
    case 'run':
      return ofResult(await runPublished(context, taken, work));
    case 'retry':
      return ofResult(await retry(context, taken, work));
    case 'plan':
      await recordStart(context, taken);
      return ofAnswer(await plan(context, taken, work));
    case 'status':
      return ofAnswer(await status(context, taken, work));
    case 'cancel':
      return ofAnswer(await cancel(context, taken, work));
    case 'ok-to-test':
      return ofAnswer(await approve(context, taken));
    case 'help':
      return ofAnswer({
        kind: 'answer',
        markdown: renderHelp({
          ...context.render,
          forks: buildsForks(settings, taken.pullRequest.repository),
        }),
      });
    case 'deploy':
    case 'staging_deploy':
      return ofAnswer({ kind: 'answer', markdown: renderNotThere(verb, settings.server.command_prefix) });
  }
}

function ofResult(result: Submission | CommandReply): DispatchResult {
  return 'markdown' in result ? ofAnswer(result) : ofSubmission(result);
}

function ofAnswer(answer: CommandReply): DispatchResult {
  return { outcome: answer.kind === 'answer' ? 'answered' : 'refused', answer };
}

function ofSubmission(submission: Submission): DispatchResult {
  switch (submission.kind) {
    case 'submitted':
      return { outcome: 'submitted', reaction: 'rocket' };
    case 'joined':
      return { outcome: 'joined', reaction: 'rocket' };
    case 'busy':
      return ofAnswer(
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
