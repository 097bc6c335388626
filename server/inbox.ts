import { parseCommands } from './commands/parse.js';
import { handle } from './handle.js';
import type { Logger } from './log.js';
import type { InboxEvent, PlacedComment, PullRequestRef } from './ports.js';
import type { Queue } from './queue.js';
import type { World } from './world.js';

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
    if (event.kind === 'comment') return this.#addComment(event.placed, { log, receivedAt });
    return this.queue.add(keyOf(event.pullRequest), async (signal) => {
      await handle(this.world, event, { log, signal, receivedAt });
    });
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
        await handle(this.world, { kind: 'comment', placed }, { log, signal, receivedAt });
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

function keyOf({ repository, number }: PullRequestRef): { repository: number; pullRequest: number } {
  return { repository: repository.id, pullRequest: number };
}

function commentKey({ pullRequest, comment }: PlacedComment): string {
  return `${pullRequest.repository.id}/${comment.id}`;
}
