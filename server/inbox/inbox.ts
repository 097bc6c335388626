import { LRUCache } from 'lru-cache';

import { refPath } from '../../generator/workflow/git-ref.js';
import type { CommandComment } from '../commands/command-comment.js';
import { writtenCommand } from '../commands/parse/command.js';
import { logSkipped, runCommands } from '../commands/run-commands.js';
import { isShared, parseComment, readsFiles, wantsReply } from '../commands/verb-table.js';
import type { ServerContext, Work } from '../context.js';
import type { HeadEvent, InboxEvent, PlacedComment, PullRequestEvent, PushEvent } from '../ports.js';
import { isServed } from '../rules/permissions.js';
import type { Logger } from '../telemetry/log.js';
import { logOf } from './event-log.js';
import { Heads } from './heads.js';
import { pullRequestChanged } from './pull-request-event.js';
import { pushed } from './push-event.js';
import { Queue, type QueueKey } from './queue.js';

/** How many handled comments and heads are remembered, so that another delivery of the same costs nothing. */
const REMEMBERED = 10_000;

/** What came in, on its way to the queue. */
export interface Incoming {
  readonly event: InboxEvent;
  readonly receivedAt: Date;
  readonly log: Logger;
}

/** What waits in the queue. */
interface Queued extends Incoming {
  /** The head when the comment arrived. */
  readonly head?: Promise<string | undefined>;
  /** Reconciliation found it, not a delivery. */
  readonly found?: true;
  /** The command of a comment that may be handled together with others that have the same. */
  readonly groupKey?: string;
}

/**
 * Queues events from deliveries and from reconciliation, and handles those of each pull request in their order. Comments
 * that wait and directly follow each other are handled together if they have the same command.
 */
export class Inbox {
  /** Comments and heads that wait or are being handled. */
  readonly #pending = new Set<string>();
  /** Comments and heads that were handled, the longest ago first. */
  readonly #handled = new LRUCache<string, true>({ max: REMEMBERED });
  readonly #queue: Queue<Queued>;
  readonly #heads: Heads;

  constructor(
    private readonly context: ServerContext,
    log: Logger,
  ) {
    this.#heads = new Heads({ github: context.github, log });
    const { per_repository: perRepository, total, length } = context.settings.server.queue;
    this.#queue = new Queue({
      perRepository,
      total,
      length,
      work: (pieces, signal) => this.#handle(pieces, signal),
      groupKey: ({ groupKey }) => groupKey,
      onError: (err, queued) => {
        for (const { log } of queued)
          log.error({ err }, 'a command was not finished; reconciliation finds it again');
      },
      onChange: ({ waiting }) => {
        context.metrics.queueLength(waiting);
      },
    });
  }

  /**
   * Queues a delivery. The head of the pull request is read at once, before it's the comment's turn.
   *
   * @param held - it has waited: its head is read as that of a command whose delivery was lost
   * @returns false when there is no room for it at the moment
   */
  deliver(incoming: Incoming, held = false): boolean {
    const { event } = incoming;
    const named = { ...incoming, log: logOf(event, incoming.log) };
    return this.add(named, event.kind === 'comment' && !held ? () => this.#headAt(event.placed) : undefined);
  }

  /**
   * @param head - reads the head when the comment was written; not called for what needs none
   * @returns false when there is no room for it at the moment
   */
  add(incoming: Incoming, head?: () => Promise<string | undefined> | undefined): boolean {
    const { event } = incoming;
    if (event.kind !== 'comment') {
      const added = this.#enqueue(incoming);
      if (added && event.kind !== 'closed') this.#pending.add(changeKey(event));
      return added;
    }
    const { placed } = event;
    const prefix = this.context.settings.server.command_prefix;
    if (this.knows(placed)) return true;
    const parsed = parseComment(placed.comment.body, prefix);
    const { command } = parsed;
    if (!wantsReply(parsed)) {
      logSkipped(parsed, incoming.log);
      return true;
    }
    const groupKey = command && isShared(command) ? writtenCommand(command, prefix) : undefined;
    const read = command && readsFiles(command) ? head?.() : undefined;
    const added = this.#enqueue({
      ...incoming,
      ...(groupKey !== undefined && { groupKey }),
      ...(read && { head: read }),
      ...(!head && { found: true }),
    });
    if (added) this.#pending.add(keyOf(placed));
    return added;
  }

  /** Whether a comment was handled by this process. */
  knows(placed: PlacedComment): boolean {
    const key = keyOf(placed);
    return this.#handled.has(key) || this.#pending.has(key);
  }

  /** Ends when nothing waits and nothing runs. */
  idle(): Promise<void> {
    return this.#queue.idle();
  }

  /** Ends it, as {@link Queue.drain}. */
  drain(signal: AbortSignal): Promise<number> {
    return this.#queue.drain(signal);
  }

  /** Not for people without permission to command: a flood of theirs costs nothing. */
  #headAt(placed: PlacedComment): Promise<string | undefined> | undefined {
    const { settings, refusals } = this.context;
    const { repository } = placed.pullRequest;
    const { author, edited } = placed.comment;
    if (edited || author.bot || !isServed(settings.server.repositories, repository)) return undefined;
    return refusals.isRefused(repository, author) ? undefined : this.#heads.at(placed);
  }

  #enqueue(queued: Queued): boolean {
    const { event } = queued;
    return this.#queue.add(queueKeyOf(event), queued);
  }

  async #handle(queued: readonly [Queued, ...Queued[]], signal: AbortSignal): Promise<void> {
    const [{ event, log, receivedAt }] = queued;
    const work = { log, receivedAt, signal };
    if (event.kind !== 'comment') {
      await this.#handleChange(event, work);
      return;
    }
    const [first, ...others] = queued.flatMap(commentOf);
    if (!first) return;
    const comments = [first, ...others] as const;
    try {
      const results = await runCommands(this.context, comments, work);
      const later = new Set(results.flatMap((result) => (result.later ? [result.commentId] : [])));
      for (const { placed } of comments) if (!later.has(placed.comment.id)) this.remember(placed);
    } finally {
      for (const { placed } of comments) this.#pending.delete(keyOf(placed));
    }
  }

  async #handleChange(event: PullRequestEvent | PushEvent, work: Work): Promise<void> {
    if (event.kind === 'closed') {
      await pullRequestChanged(this.context, event, work);
      return;
    }
    try {
      const { later } = await (event.kind === 'push'
        ? pushed(this.context, event, work)
        : pullRequestChanged(this.context, event, work));
      if (!later) this.#handled.set(changeKey(event), true);
    } finally {
      this.#pending.delete(changeKey(event));
    }
  }

  /** Whether this process has looked at a head since it became one, or will. */
  knowsHead(head: Pick<HeadEvent, 'pullRequest' | 'commit'>): boolean {
    const key = headKey(head);
    return this.#handled.has(key) || this.#pending.has(key);
  }

  /** Whether this process has looked at a push, or will. */
  knowsPush(event: PushEvent): boolean {
    const key = changeKey(event);
    return this.#handled.has(key) || this.#pending.has(key);
  }

  /** A head was looked at, here or elsewhere: reconciliation doesn't offer it again. */
  rememberHead(head: Pick<HeadEvent, 'pullRequest' | 'commit'>): void {
    this.#handled.set(headKey(head), true);
  }

  /** A comment was handled, here or elsewhere: it's not looked at again. */
  remember(placed: PlacedComment): void {
    this.#handled.set(keyOf(placed), true);
  }
}

/** Pushes to one branch or tag are handled in their order, as what happens to one pull request is. */
function queueKeyOf(event: InboxEvent): QueueKey {
  if (event.kind === 'push') return { repository: event.origin.repository.id, of: refPath(event.origin.ref) };
  const { repository, number } = event.kind === 'comment' ? event.placed.pullRequest : event.pullRequest;
  return { repository: repository.id, of: number };
}

function changeKey(event: HeadEvent | PushEvent): string {
  if (event.kind !== 'push') return headKey(event);
  const { repository, commit, ref } = event.origin;
  return `${repository.id}/${refPath(ref)}/${event.before ?? ''}/${commit}`;
}

/** The comment of an event; none if it's another event. */
function commentOf({ event, log, head, found }: Queued): CommandComment[] {
  if (event.kind !== 'comment') return [];
  return [{ placed: event.placed, log, ...(head && { head }), ...(found && { found }) }];
}

function headKey({
  pullRequest: { repository, number },
  commit,
}: Pick<HeadEvent, 'pullRequest' | 'commit'>): string {
  return `${repository.id}/${number}/${commit}`;
}

function keyOf({ pullRequest, comment }: PlacedComment): string {
  return `${pullRequest.repository.id}/${comment.id}`;
}
