import { ConfigError, formatDiagnostics, ServiceError, WorkError } from '../../schema/index.js';
import { checkReport, withComment } from '../comment/check.js';
import type { Conversation } from '../comment/conversations.js';
import type { Build, BuildRequest } from '../comment/state.js';
import { buildOf, changeBuild, refused } from '../comment/transitions.js';
import type { Work, ServerContext } from '../context.js';
import { GitHubError } from '../github/errors.js';
import type { Origin, Urgency } from '../ports.js';
import type { CommandReply } from './authorised-command.js';
import { endChange, HandledElsewhere } from './pick-ups.js';
import { Withdrawn } from './recheck.js';
import { refusal } from './replies.js';
import type { Submission } from './submission.js';

/**
 * Tells the conversation why a request has no workflow.
 *
 * @throws what the pull request does not show: the signal's reason, and failures of GitHub
 */
export async function reportFailure(
  context: ServerContext,
  origin: Origin,
  request: BuildRequest,
  error: unknown,
  work: Work,
): Promise<Submission> {
  if (isHandledLater(error, work)) throw error;
  if (error instanceof Withdrawn) {
    work.log.info(error.message);
    await end(context, origin, request, { state: 'stopped', text: error.message });
    return { kind: 'withdrawn' };
  }
  if (error instanceof ConfigError) {
    const text = formatDiagnostics(error.diagnostics, { color: false });
    work.log.info({ errors: error.diagnostics.length }, 'the repository’s files have errors');
    const told = await context.conversations.change(
      origin,
      endChange(request.commentIds, (before) => refused(before, request, text)),
      urgencyOf(origin),
    );
    await report(context, origin, told, request, error);
  } else {
    await end(context, origin, request, { state: 'failed', ...explained(error, work) });
  }
  return { kind: 'failed' };
}

/**
 * The answer to a command that makes no workflow and could not be done.
 *
 * @throws what isn't reported, as {@link reportFailure}
 */
export function failureReply(error: unknown, work: Work): CommandReply {
  if (isHandledLater(error, work)) throw error;
  const { text, nextStep } = explained(error, work);
  return refusal(text, nextStep);
}

/** The command runs again later, or on another replica. */
function isHandledLater(error: unknown, { signal }: Work): boolean {
  return signal.aborted || error instanceof GitHubError || error instanceof HandledElsewhere;
}

function explained(error: unknown, { log }: Work): { readonly text: string; readonly nextStep?: string } {
  if (error instanceof ServiceError || error instanceof WorkError) {
    log.warn({ err: error }, 'command failed');
    return { text: error.message, ...(error.nextStep !== undefined && { nextStep: error.nextStep }) };
  }
  log.error({ err: error }, 'command failed: unexpected error');
  return {
    text: 'The server failed with an unexpected error.',
    nextStep: "Try again. If it fails again, ask the server's operator to check its log.",
  };
}

/**
 * On a pull request another replica decides by it whether it submits the workflow, so it's read back. A push has its
 * comment when it ends.
 */
function urgencyOf(origin: Origin): Urgency {
  return origin.number === undefined ? 'final' : 'record';
}

/** @throws HandledElsewhere if another replica has made the workflow meanwhile */
async function end(
  context: ServerContext,
  origin: Origin,
  request: BuildRequest,
  how: Pick<Build, 'state' | 'text' | 'nextStep'>,
): Promise<void> {
  const told = await context.conversations.change(
    origin,
    endChange(request.commentIds, (before) =>
      changeBuild(before, request, (build) => (build.workflow ? build : { ...build, ...how, rows: [] })),
    ),
    urgencyOf(origin),
  );
  if (buildOf(told.state, request.commentIds[0] ?? 0)?.workflow) throw new HandledElsewhere();
  if (how.state === 'failed') await report(context, origin, told, request);
}

/** The same on the commit, with the places in the files. */
async function report(
  { github, render }: ServerContext,
  ref: Origin,
  { state, unwritten }: Conversation,
  request: BuildRequest,
  error?: ConfigError,
): Promise<void> {
  const build = buildOf(state, request.commentIds[0] ?? 0);
  if (!build) return;
  const check = checkReport(build, { ...render, ...ref }, error?.diagnostics);
  await github.checks.report(ref.repository, withComment(check, unwritten), 'final');
}
