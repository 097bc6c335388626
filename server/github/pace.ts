import { systemClock, type Clock } from '../../common/clock.js';
import type { Urgency } from '../ports.js';
import { Failures, WRITE_PATIENCE } from './patience.js';
import type { GitHubUsage } from './usage.js';

/** A write to GitHub that waits for its turn. */
export interface Write<T> {
  readonly urgency: Urgency;
  /** Whose quota it counts on. */
  readonly lane: string;
  /** Writes of one key replace each other while they wait, and never go out at the same time. */
  readonly key?: string;
  /** It may be that GitHub does not know yet what is written to. */
  readonly awaitsNotFound?: boolean;
  /**
   * Does it.
   *
   * @param mayBeDone - an attempt before this one may have been carried out, though its answer was lost
   * @throws GitHubError
   */
  run(mayBeDone: boolean): Promise<T>;
}

/** Options of {@link Pacer}. */
export interface PacerOptions {
  readonly perMinute: number;
  readonly perHour: number;
  /** What went out before, with other settings. */
  readonly usage: GitHubUsage;
  readonly clock?: Clock;
  /** Between 0 and 1. */
  readonly random?: () => number;
}

/** First what comes first when writes must wait. */
const RANKS: readonly Urgency[] = ['record', 'final', 'reply', 'progress', 'reaction'];
/** How much of the limits each may use, so that a flood of progress leaves room for what matters. */
const SHARES: Readonly<Record<Urgency, number>> = {
  record: 1,
  final: 1,
  reply: 0.9,
  progress: 0.8,
  reaction: 0.8,
};
/** GitHub asks for few requests at the same time. More than one, so that a slow one does not stop all. */
const CONCURRENT = 4;

interface Caller {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

interface Waiting {
  write: Write<unknown>;
  rank: number;
  failures: Failures;
  callers: Caller[];
  notBefore: number;
  mayBeDone: boolean;
}

/**
 * The one gate through which all writes go: no more in a minute and in an hour than GitHub takes, the most urgent first,
 * in the order of asking otherwise. A write that failed for a reason that passes goes back to those that wait, so that
 * others are not held up meanwhile; each attempt counts.
 */
export class Pacer {
  readonly #waiting = new Set<Waiting>();
  readonly #byKey = new Map<string, Waiting>();
  readonly #busyKeys = new Set<string>();
  readonly #perMinute: number;
  readonly #perHour: number;
  readonly #usage: GitHubUsage;
  readonly #clock: Clock;
  readonly #random: () => number;
  #running = 0;
  #wake: AbortController | undefined;
  #closed: Error | undefined;

  constructor({ perMinute, perHour, usage, clock = systemClock, random = Math.random }: PacerOptions) {
    this.#perMinute = perMinute;
    this.#perHour = perHour;
    this.#usage = usage;
    this.#clock = clock;
    this.#random = random;
  }

  /** How many wait for their turn. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /**
   * Does a write when it is its turn.
   *
   * @returns what it gave; where it was replaced while it waited, what the write in its place gave
   * @throws GitHubError when it failed for good; `close`'s reason
   */
  write<T>(write: Write<T>): Promise<T> {
    if (this.#closed) return Promise.reject(this.#closed);
    return new Promise<T>((resolve, reject) => {
      this.#enqueue(write, { resolve: resolve as Caller['resolve'], reject });
      this.#pump();
    });
  }

  /** From here on nothing is written; what waits fails with this reason. */
  close(reason: Error): void {
    this.#closed = reason;
    this.#wake?.abort();
    for (const { callers } of this.#waiting) for (const { reject } of callers) reject(reason);
    this.#waiting.clear();
    this.#byKey.clear();
  }

  #enqueue(write: Write<unknown>, caller: Caller): void {
    const rank = RANKS.indexOf(write.urgency);
    const earlier = write.key === undefined ? undefined : this.#byKey.get(write.key);
    if (earlier) {
      earlier.write = write;
      earlier.rank = Math.min(earlier.rank, rank);
      earlier.callers.push(caller);
      return;
    }
    this.#wait({
      write,
      rank,
      failures: this.#patienceFor(write),
      callers: [caller],
      notBefore: 0,
      mayBeDone: false,
    });
  }

  #wait(item: Waiting): void {
    this.#waiting.add(item);
    if (item.write.key !== undefined) this.#byKey.set(item.write.key, item);
  }

  /** Starts what may start, and comes back when the next may. */
  #pump(): void {
    this.#wake?.abort();
    this.#wake = undefined;
    while (this.#running < CONCURRENT) {
      const next = this.#next();
      if (next === undefined) return;
      if (typeof next === 'number') {
        this.#pumpIn(next - this.#clock.now());
        return;
      }
      void this.#start(next);
    }
  }

  #pumpIn(milliseconds: number): void {
    const wake = new AbortController();
    this.#wake = wake;
    this.#clock.wait(milliseconds, wake.signal).then(
      () => {
        if (this.#wake === wake) this.#pump();
      },
      () => undefined,
    );
  }

  /** The most urgent write that may go out; else the time of the next check; undefined if nothing waits for time. */
  #next(): Waiting | number | undefined {
    const now = this.#clock.now();
    const limits = RANKS.map((urgency) => this.#freeAt(now, SHARES[urgency]));
    let best: Waiting | undefined;
    let soonest = Infinity;
    for (const item of this.#waiting) {
      if (item.write.key !== undefined && this.#busyKeys.has(item.write.key)) continue;
      const at = Math.max(limits[item.rank] ?? now, this.#usage.holds.until(item.write.lane), item.notBefore);
      if (at > now) soonest = Math.min(soonest, at);
      else if (!best || item.rank < best.rank) best = item;
    }
    return best ?? (soonest === Infinity ? undefined : soonest);
  }

  #freeAt(now: number, share: number): number {
    const allowed = (limit: number): number => Math.max(1, Math.floor(limit * share));
    const { minute, hour } = this.#usage;
    return Math.max(minute.freeAt(now, allowed(this.#perMinute)), hour.freeAt(now, allowed(this.#perHour)));
  }

  async #start(item: Waiting): Promise<void> {
    const { write, callers, mayBeDone } = item;
    const now = this.#clock.now();
    this.#waiting.delete(item);
    if (write.key !== undefined) {
      this.#byKey.delete(write.key);
      this.#busyKeys.add(write.key);
    }
    this.#usage.minute.add(now);
    this.#usage.hour.add(now);
    this.#running++;
    try {
      const value = await write.run(mayBeDone);
      for (const { resolve } of callers) resolve(value);
    } catch (error) {
      this.#failed(item, error);
    } finally {
      this.#running--;
      if (write.key !== undefined) this.#busyKeys.delete(write.key);
      this.#pump();
    }
  }

  #failed(item: Waiting, error: unknown): void {
    const { write, callers } = item;
    const advice = this.#closed ? undefined : item.failures.judge(error);
    if (!advice) {
      for (const { reject } of callers) reject(error);
      return;
    }
    if (advice.forAll) this.#usage.holds.hold(write.lane, advice.waitMs);
    item.mayBeDone ||= !advice.forAll;
    item.notBefore = this.#clock.now() + advice.waitMs;
    const later = write.key === undefined ? undefined : this.#byKey.get(write.key);
    if (!later) {
      this.#wait(item);
      return;
    }
    // What was asked for meanwhile replaces it; a write of before must never come after.
    later.rank = Math.min(later.rank, item.rank);
    later.callers.push(...callers);
    later.mayBeDone ||= item.mayBeDone;
    later.notBefore = item.notBefore;
    later.failures = item.failures;
  }

  #patienceFor({ awaitsNotFound = false }: Write<unknown>): Failures {
    return new Failures(WRITE_PATIENCE, awaitsNotFound, this.#random);
  }
}
