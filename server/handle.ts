import { workflowsOf } from '../argo/find-workflows.js';
import { isServed } from './commands/policy.js';
import { headMoved } from './comment/transitions.js';
import type { CommandOutcome } from './metrics.js';
import type { InboxEvent, PullRequestRef } from './ports.js';
import { take } from './take.js';
import { stopAll } from './verbs/cancel.js';
import type { Work, World } from './world.js';

/** What became of an event. `stopped`: builds of a closed pull request · `noted`: that the head went on. */
export interface Handled {
  readonly outcome: CommandOutcome | 'stopped' | 'noted';
  /** More about it, as a clause: why it was ignored or refused, what was stopped. */
  readonly why?: string;
}

/**
 * Does what an event asks for, to its end.
 *
 * @throws what {@link take} throws
 */
export async function handle(world: World, event: InboxEvent, work: Work): Promise<Handled> {
  switch (event.kind) {
    case 'comment': {
      const [taking = NOT_TAKEN] = await take(world, [{ placed: event.placed, log: work.log }], work);
      return taking;
    }
    case 'closed':
      return closed(world, event.pullRequest, work);
    case 'pushed':
      return pushed(world, event.pullRequest, event.commit, work);
  }
}

const NOT_TAKEN: Handled = { outcome: 'ignored' };
const NOT_SERVED: Handled = { outcome: 'ignored', why: 'the settings do not name this repository' };
const NOTHING_RUNS: Handled = { outcome: 'ignored', why: 'nothing runs for this pull request' };

/** A closed pull request builds no more. */
async function closed(world: World, pullRequest: PullRequestRef, work: Work): Promise<Handled> {
  if (!isServed(world.settings.server.repositories, pullRequest.repository)) return NOT_SERVED;
  const stopped = await stopAll(world, pullRequest, work);
  if (stopped.length === 0) return NOTHING_RUNS;
  work.log.info({ stopped }, 'the pull request was closed');
  return { outcome: 'stopped', why: stopped.join(', ') };
}

/** What is built is no longer the head; it goes on, and the comment says so. */
async function pushed(
  world: World,
  pullRequest: PullRequestRef,
  commit: string,
  work: Work,
): Promise<Handled> {
  if (!isServed(world.settings.server.repositories, pullRequest.repository)) return NOT_SERVED;
  const { client, namespace } = world.cluster;
  const there = await workflowsOf(client, namespace, pullRequest, { signal: work.signal });
  if (there.every(({ finished }) => finished)) return NOTHING_RUNS;
  await world.conversations.change(pullRequest, (state) => headMoved(state, commit), 'progress');
  return { outcome: 'noted' };
}
