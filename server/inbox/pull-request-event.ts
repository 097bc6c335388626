import { followPull, runningOf, stop } from '../builds/pull-changes.js';
import type { Work, ServerContext } from '../context.js';
import { GitHubError } from '../github/errors.js';
import type { PullRequestEvent } from '../ports.js';
import { isServed } from '../rules/permissions.js';
import type { CommandOutcome } from '../telemetry/metrics.js';
import { allowedTriggers } from '../triggers/allowed.js';
import { startByCommit } from '../triggers/pull-request.js';

/** The outcome of an event. `stopped`: builds were stopped · `noted`: the comment says that the head moved. */
export interface EventResult {
  readonly outcome: CommandOutcome | 'stopped' | 'noted';
  /** More about it, as a clause: why it was ignored or refused, what was stopped. */
  readonly why?: string;
  /** It must be looked at again. */
  readonly later?: true;
}

const NOT_SERVED: EventResult = { outcome: 'ignored', why: 'the settings do not name this repository' };
const NO_TRIGGERS: EventResult = { outcome: 'ignored', why: 'the settings let nothing start by itself' };
const NOTHING_RUNS: EventResult = { outcome: 'ignored', why: 'nothing runs for this pull request' };
const NOTHING_NEW: EventResult = { outcome: 'ignored', why: 'the builds of this pull request continue' };

/**
 * A pull request was closed, moved on or may start something: stops the builds that must not continue, or notes the new
 * head; then starts what the repository wants to be started for it.
 *
 * @throws GitHubError, KubernetesError
 */
export async function pullRequestChanged(
  context: ServerContext,
  event: PullRequestEvent,
  work: Work,
): Promise<EventResult> {
  const { settings } = context;
  const { repository } = event.pullRequest;
  if (!isServed(settings.server.repositories, repository)) return NOT_SERVED;
  const followed = event.kind === 'offered' ? undefined : await follow(context, event, work);
  if (event.kind === 'closed' || !allowedTriggers(settings, repository)) return followed ?? NO_TRIGGERS;
  const result = await startByCommit(context, event, work);
  work.log.info({ trigger: result, commit: event.commit }, 'a commit that may start something');
  const isKnown = followed && followed.outcome !== 'ignored' && result.outcome === 'ignored' && !result.later;
  return isKnown ? followed : result;
}

async function follow(
  context: ServerContext,
  { kind, pullRequest }: PullRequestEvent,
  work: Work,
): Promise<EventResult> {
  const running = await runningOf(context, pullRequest, work);
  if (running.length === 0) return NOTHING_RUNS;
  const change = await followPull(context, pullRequest, running, work).catch((err: unknown) => {
    if (kind !== 'closed' || !(err instanceof GitHubError)) throw err;
    work.log.warn({ err }, 'the pull request cannot be read; it was closed when the event came');
    return stop(context, running, 'closed', work);
  });
  switch (change.kind) {
    case 'none':
      return NOTHING_NEW;
    case 'noted':
      return { outcome: 'noted' };
    case 'stopped':
      return { outcome: 'stopped', why: change.names.join(', ') };
  }
}
