import { headMoved } from './comment/transitions.js';
import type { PullRequestRef } from './ports.js';
import type { World } from './world.js';

/** What is built is no longer the head; it goes on, and the comment says so. */
export async function noteHead(
  { conversations }: Pick<World, 'conversations'>,
  pullRequest: PullRequestRef,
  commit: string,
): Promise<void> {
  await conversations.change(pullRequest, (state) => headMoved(state, commit), 'progress');
}
