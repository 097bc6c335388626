import { parseCommands } from './commands/parse.js';
import { headMoved } from './comment/transitions.js';
import type { Logger } from './log.js';
import type { InboxEvent, PlacedComment, PullRequestRef } from './ports.js';
import type { Queue } from './queue.js';
import { take } from './take.js';
import { stopAll } from './verbs/cancel.js';
import { isServed, type Work, type World } from './world.js';
import { workflowsOf } from '../argo/find-workflows.js';

/** How many handled comments are remembered, so that another delivery of the same costs nothing. */
const REMEMBERED = 10_000;

/** What came in, on its way to the queue. */
export interface Incoming {
  readonly event: InboxEvent;
  readonly receivedAt: Date;
  readonly log: Logger;
}

/** Takes events of GitHub and of the look at recent comments, and hands the work to the queue. */
export class Inbox {
  /** Comments that wait or are being handled. */
  readonly #under = new Set<string>();
  /** Comments that were handled, the longest ago first. */
  readonly #handled = new Set<string>();

  constructor(
    private readonly world: World,
    private readonly queue: Queue,
  ) {}

  /** @returns false when there is no room for it at the moment */
  add({ event, log, receivedAt }: Incoming): boolean {
    const { world, queue } = this;
    const work = (signal: AbortSignal): Work => ({ log, signal, receivedAt });
    switch (event.kind) {
      case 'comment':
        return this.#addComment(event.placed, { log, receivedAt });
      case 'closed':
        return queue.add(keyOf(event.pullRequest), (signal) =>
          closed(world, event.pullRequest, work(signal)),
        );
      case 'pushed':
        return queue.add(keyOf(event.pullRequest), (signal) =>
          pushed(world, event.pullRequest, event.commit, work(signal)),
        );
    }
  }

  /** Whether a comment was handled by this process. */
  knows(placed: PlacedComment): boolean {
    const key = commentKey(placed);
    return this.#handled.has(key) || this.#under.has(key);
  }

  #addComment(placed: PlacedComment, { log, receivedAt }: Omit<Incoming, 'event'>): boolean {
    const prefix = this.world.settings.server.command_prefix;
    const { command, problem } = parseCommands(placed.comment.body, { prefix });
    if ((!command && problem === undefined) || this.knows(placed)) return true;
    const key = commentKey(placed);
    const added = this.queue.add(keyOf(placed.pullRequest), async (signal) => {
      try {
        await take(this.world, placed, { log, signal, receivedAt });
        this.#remember(key);
      } finally {
        this.#under.delete(key);
      }
    });
    if (added) this.#under.add(key);
    return added;
  }

  #remember(key: string): void {
    this.#handled.add(key);
    const [oldest] = this.#handled;
    if (this.#handled.size > REMEMBERED && oldest !== undefined) this.#handled.delete(oldest);
  }
}

/** A closed pull request builds no more. */
async function closed(world: World, pullRequest: PullRequestRef, work: Work): Promise<void> {
  if (!isServed(world.settings, pullRequest.repository)) return;
  const stopped = await stopAll(world, pullRequest, work);
  if (stopped.length > 0) work.log.info({ stopped }, 'the pull request was closed');
}

/** What is built is no longer the head; it goes on, and the comment says so. */
async function pushed(world: World, pullRequest: PullRequestRef, commit: string, work: Work): Promise<void> {
  if (!isServed(world.settings, pullRequest.repository)) return;
  const { client, namespace } = world.cluster;
  const key = { repository: pullRequest.repository, pullRequest: pullRequest.number };
  const there = await workflowsOf(client, namespace, key, { signal: work.signal });
  if (there.every(({ finished }) => finished)) return;
  await world.conversations.change(pullRequest, (state) => headMoved(state, commit), 'progress');
}

function keyOf({ repository, number }: PullRequestRef): { repository: number; pullRequest: number } {
  return { repository: repository.id, pullRequest: number };
}

function commentKey({ pullRequest, comment }: PlacedComment): string {
  return `${pullRequest.repository.id}/${comment.id}`;
}
