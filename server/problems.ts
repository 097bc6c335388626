import { ConfigError, formatDiagnostics, ServiceError, WorkError } from '../schema/index.js';
import { buildOf, changeBuild, refused } from './comment/transitions.js';
import { checkReport } from './comment/check.js';
import type { Build, BuildRequest, ConversationState } from './comment/state.js';
import { GitHubError } from './github/errors.js';
import { Withdrawn } from './guard.js';
import type { PullRequestRef } from './ports.js';
import type { Submission } from './submit.js';
import type { Work, World } from './world.js';

/**
 * Tells the conversation why a request has no workflow.
 *
 * @throws what nobody is told of: the signal's reason, and what went wrong with GitHub
 */
export async function tellProblem(
  world: World,
  pullRequest: PullRequestRef,
  request: BuildRequest,
  error: unknown,
  work: Work,
): Promise<Submission> {
  if (work.signal.aborted || error instanceof GitHubError) throw error;
  if (error instanceof Withdrawn) {
    work.log.info(error.message);
    await end(world, pullRequest, request, { state: 'stopped', text: error.message });
    return { kind: 'withdrawn' };
  }
  if (error instanceof ConfigError) {
    const text = formatDiagnostics(error.diagnostics, { color: false });
    work.log.info({ errors: error.diagnostics.length }, 'the repository’s files have errors');
    const { state } = await world.conversations.change(
      pullRequest,
      (before) => refused(before, request, text),
      'final',
    );
    await report(world, pullRequest, state, request, error);
  } else if (error instanceof ServiceError || error instanceof WorkError) {
    work.log.warn({ err: error }, 'nothing was submitted');
    await end(world, pullRequest, request, {
      state: 'failed',
      text: error.message,
      ...(error.nextStep !== undefined && { nextStep: error.nextStep }),
    });
  } else {
    work.log.error({ err: error }, 'unexpected error; nothing was submitted');
    await end(world, pullRequest, request, {
      state: 'failed',
      text: 'The server met an error that it did not expect.',
      nextStep: 'Try it again; if it stays, the server’s log says more.',
    });
  }
  return { kind: 'failed' };
}

async function end(
  world: World,
  pullRequest: PullRequestRef,
  request: BuildRequest,
  how: Pick<Build, 'state' | 'text' | 'nextStep'>,
): Promise<void> {
  const { state } = await world.conversations.change(
    pullRequest,
    (before) => changeBuild(before, request, (build) => ({ ...build, ...how, rows: [] })),
    'final',
  );
  if (how.state === 'failed') await report(world, pullRequest, state, request);
}

/** The same on the commit, with the places in the files. */
async function report(
  { github, render }: World,
  ref: PullRequestRef,
  state: ConversationState,
  request: BuildRequest,
  error?: ConfigError,
): Promise<void> {
  const build = buildOf(state, request.commentIds[0] ?? 0);
  if (build)
    await github.checks.report(
      ref.repository,
      checkReport(build, { ...render, ...ref }, error?.diagnostics),
      'final',
    );
}
