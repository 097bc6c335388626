import { followPull, runningOf, stop } from '../builds/pull-changes.js';
import { runCommands } from '../commands/run-commands.js';
import type { Work, ServerContext } from '../context.js';
import { GitHubError } from '../github/errors.js';
import type { InboxEvent } from '../ports.js';
import { isServed } from '../rules/permissions.js';
import type { CommandOutcome } from '../telemetry/metrics.js';

/** What became of an event. `stopped`: builds that may not go on · `noted`: that the head moved. */
export interface Handled {
  readonly outcome: CommandOutcome | 'stopped' | 'noted';
  /** More about it, as a clause: why it was ignored or refused, what was stopped. */
  readonly why?: string;
}

/**
 * Does what an event asks for, to its end.
 *
 * @throws what {@link runCommands} throws
 */
export async function handle(context: ServerContext, event: InboxEvent, work: Work): Promise<Handled> {
  switch (event.kind) {
    case 'comment': {
      const [taking = NOT_TAKEN] = await runCommands(
        context,
        [{ placed: event.placed, log: work.log }],
        work,
      );
      return taking;
    }
    case 'closed':
    case 'pushed':
      return changed(context, event, work);
  }
}

const NOT_TAKEN: Handled = { outcome: 'ignored' };
const NOT_SERVED: Handled = { outcome: 'ignored', why: 'the settings do not name this repository' };
const NOTHING_RUNS: Handled = { outcome: 'ignored', why: 'nothing runs for this pull request' };
const NOTHING_NEW: Handled = { outcome: 'ignored', why: 'what runs for this pull request goes on' };

/** A pull request was closed or moved on. */
async function changed(
  context: ServerContext,
  { kind, pullRequest }: Exclude<InboxEvent, { kind: 'comment' }>,
  work: Work,
): Promise<Handled> {
  if (!isServed(context.settings.server.repositories, pullRequest.repository)) return NOT_SERVED;
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
