import { backoffMs, jitter, type Backoff } from '../../common/backoff.js';
import type { Clock } from '../../common/clock.js';
import { unlessAborted } from '../../common/unless-aborted.js';
import type { PostOutcome } from './post.js';

/** How a delivery ended. `expired`: every attempt failed, for {@link PATIENCE_MS}. */
export type DeliveryResult = 'sent' | 'refused' | 'expired';

interface Delivery {
  readonly attempt: () => Promise<PostOutcome>;
  readonly signal: AbortSignal;
  readonly since: number;
  failures: number;
  readonly resolve: (result: DeliveryResult) => void;
}

/** How long one delivery is tried. */
const PATIENCE_MS = 60 * 60_000;
/** Between two requests to one receiver: Slack takes one a second. */
const PACE_MS = 1_000;
const BACKOFF: Backoff = { firstMs: 5_000, longestMs: 5 * 60_000 };
/** The longest that a receiver's `Retry-After` is waited for. */
const LONGEST_RETRY_AFTER_MS = 15 * 60_000;

/**
 * The deliveries to one channel, one request at a time. After a failure all of them wait, so a receiver that is down
 * gets one request per pause, however many deliveries there are. A failed delivery goes to the end of the queue.
 */
export class Lane {
  readonly #queue: Delivery[] = [];
  #running = false;
  #free = 0;

  constructor(
    private readonly clock: Clock,
    private readonly signal: AbortSignal,
  ) {}

  /**
   * Delivers in the order of the calls.
   *
   * @param attempt - one request; it rejects only if the signal is aborted
   * @throws the reason of one of the signals
   */
  async deliver(attempt: () => Promise<PostOutcome>, signal: AbortSignal): Promise<DeliveryResult> {
    const either = AbortSignal.any([this.signal, signal]);
    const result = new Promise<DeliveryResult>((resolve) => {
      this.#queue.push({ attempt, signal: either, since: this.clock.now(), failures: 0, resolve });
      if (!this.#running) void this.#run();
    });
    return unlessAborted(either, result);
  }

  async #run(): Promise<void> {
    this.#running = true;
    while (this.#queue.length > 0) {
      const pause = this.#free - this.clock.now();
      // Once the signal is aborted, nothing is attempted again.
      if (pause > 0) await this.clock.wait(pause, this.signal).catch(() => undefined);
      const next = this.#queue.shift();
      if (next !== undefined && !next.signal.aborted) await this.#attempt(next);
    }
    this.#running = false;
  }

  async #attempt(delivery: Delivery): Promise<void> {
    const outcome = await delivery.attempt().catch(() => undefined);
    if (outcome === undefined) return;
    const now = this.clock.now();
    this.#free = now + PACE_MS;
    if (outcome.kind === 'sent') {
      delivery.resolve('sent');
      return;
    }
    if (outcome.kind === 'refused') {
      delivery.resolve('refused');
      return;
    }
    delivery.failures += 1;
    const asked = Math.min(outcome.afterMs ?? 0, LONGEST_RETRY_AFTER_MS);
    this.#free = now + Math.max(jitter(backoffMs(BACKOFF, delivery.failures)), asked);
    this.#queue.push(delivery);
    this.#giveUp(now - PATIENCE_MS);
  }

  /** Gives up all deliveries that began before this. */
  #giveUp(before: number): void {
    const late = this.#queue.filter(({ since }) => since <= before);
    const rest = this.#queue.filter(({ since }) => since > before);
    this.#queue.splice(0, Infinity, ...rest);
    for (const { resolve } of late) resolve('expired');
  }
}
