import { systemClock, type Clock } from '../../common/clock.js';
import type { ClusterClient } from '../client/client.js';
import { LeaseRecord, type LeaseKey, type LeaseObject, type LeaseSpec } from './lease-record.js';

/** How a lease is held. */
export interface LeaseOptions extends LeaseKey {
  /** Tells this process from every other, also from itself before a restart: a pod's name and something random. */
  readonly holder: string;
  /** Ends all of it: aborts the work, and releases the lease once the work has ended. */
  readonly signal: AbortSignal;
  /** Milliseconds without renewal after which another may take it; default 15,000. */
  readonly durationMs?: number;
  readonly clock?: Clock;
  /** Called after each failed attempt to acquire or renew it. */
  readonly onError?: (error: unknown) => void;
}

const DURATION_MS = 15_000;
/** Parts of the duration: after the first without renewal the holder stops, and it renews after each of the second. */
const DEADLINE = 2 / 3;
const RENEWAL = 2 / 15;

/**
 * Does `work` while this process is the only holder of a Lease, again each time that it is taken, until `signal`
 * ends it. The signal that `work` is given is aborted as soon as the lease is lost, or has not been renewed for two
 * thirds of its duration: before another may take it. Nothing is tried again before `work` has ended.
 *
 * Clocks of machines are not compared, as in client-go's leader election: a lease is another's for its duration from
 * the moment at which this process saw its latest renewal.
 *
 * @returns once `signal` is aborted or `work` ended by itself, and the lease is given back
 * @throws what `work` throws for another reason than its signal
 */
export async function holdLease(
  client: ClusterClient,
  options: LeaseOptions,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const { signal } = options;
  const lease = new LeaderElector(client, options);
  while (await lease.taken(signal)) {
    const lost = new AbortController();
    const isLost = (): boolean => lost.signal.aborted;
    const ended = new AbortController();
    const renewing = lease.renew(lost, ended.signal);
    try {
      await work(AbortSignal.any([signal, lost.signal]));
    } catch (error) {
      if (!signal.aborted && !isLost()) throw error;
    } finally {
      ended.abort();
      await renewing;
      if (!isLost()) await lease.release();
    }
    if (!isLost()) return;
  }
}

class LeaderElector {
  readonly #record: LeaseRecord;
  readonly #clock: Clock;
  readonly #duration: number;
  /** The lease as it was last seen, and when it was first seen so. */
  #seen: { readonly lease: LeaseObject; readonly at: number } | undefined;
  /** When the request of the last renewal was sent: another counts from a later moment. */
  #renewedAt = 0;

  constructor(
    client: ClusterClient,
    private readonly options: LeaseOptions,
  ) {
    this.#record = new LeaseRecord(client, options);
    this.#clock = options.clock ?? systemClock;
    this.#duration = options.durationMs ?? DURATION_MS;
  }

  /** Tries until the lease is this one's; false when `signal` was aborted before. */
  async taken(signal: AbortSignal): Promise<boolean> {
    do {
      try {
        if (!signal.aborted && (await this.#takeOrRenew(signal)) === 'held') return true;
      } catch (error) {
        if (!signal.aborted) this.options.onError?.(error);
      }
    } while (await this.#pause(signal));
    return false;
  }

  /** Renews until `ended`; aborts `lost` at once when that failed for too long, or another has it. */
  async renew(lost: AbortController, ended: AbortSignal): Promise<void> {
    const either = AbortSignal.any([lost.signal, ended]);
    const lose = (): void => {
      lost.abort(new Error(`the lease ${this.options.name} was lost`));
    };
    const deadline = this.#deadline(lose, either);
    while (await this.#pause(either)) {
      try {
        if ((await this.#takeOrRenew(either, true)) === 'lost') lose();
      } catch (error) {
        if (!either.aborted) this.options.onError?.(error);
      }
    }
    await deadline;
  }

  /** Calls `lose` when the last renewal is too long ago, whatever the requests do meanwhile. */
  async #deadline(lose: () => void, signal: AbortSignal): Promise<void> {
    for (;;) {
      const left = this.#deadlineAt() - this.#clock.now();
      if (left <= 0) {
        lose();
        return;
      }
      if (!(await this.#waited(left, signal))) return;
    }
  }

  /** Gives it back, so that another doesn't wait; a failure there ends by itself. */
  async release(): Promise<void> {
    if (this.#seen === undefined) return;
    const { lease } = this.#seen;
    const spec: LeaseSpec = { ...lease.spec, holderIdentity: '', leaseDurationSeconds: 1 };
    const late = new AbortController();
    const over = new AbortController();
    void this.#waited(this.#duration * DEADLINE, over.signal).then(() => {
      late.abort();
    });
    try {
      await this.#record.write(lease, spec, late.signal);
    } catch (error) {
      this.options.onError?.(error);
    } finally {
      over.abort();
    }
  }

  /**
   * One attempt.
   *
   * @param only - renew, but do not take what is another's or nobody's by now
   * @returns `lost`: another has it · `again`: another changed it meanwhile, or the answer took too long
   */
  async #takeOrRenew(signal: AbortSignal, only = false): Promise<'held' | 'lost' | 'again'> {
    const { holder } = this.options;
    const read = await this.#record.read(signal);
    if (read !== undefined) this.#observe(read);
    const before = read?.spec;
    const mine = before?.holderIdentity === holder;
    if (!mine && (only || (before?.holderIdentity && !this.#expired(before)))) return 'lost';

    const asked = this.#clock.now();
    const now = microTime(new Date());
    const written = await this.#record.write(
      read,
      {
        holderIdentity: holder,
        leaseDurationSeconds: Math.max(1, Math.ceil(this.#duration / 1000)),
        acquireTime: mine ? (before.acquireTime ?? now) : now,
        renewTime: now,
        leaseTransitions: (before?.leaseTransitions ?? 0) + (mine || before === undefined ? 0 : 1),
      },
      signal,
    );
    if (written === undefined) return 'again';
    this.#observe(written);
    this.#renewedAt = asked;
    return this.#clock.now() < this.#deadlineAt() ? 'held' : 'again';
  }

  /** When this process stops to hold it, unless it is renewed. */
  #deadlineAt(): number {
    return this.#renewedAt + this.#duration * DEADLINE;
  }

  #observe(lease: LeaseObject): void {
    if (this.#seen?.lease.metadata.resourceVersion === lease.metadata.resourceVersion) return;
    this.#seen = { lease, at: this.#clock.now() };
  }

  /** Whether it was not renewed for as long as its holder asked for, by this process's own clock. */
  #expired({ leaseDurationSeconds = 0 }: LeaseSpec): boolean {
    const seen = this.#seen?.at ?? this.#clock.now();
    return this.#clock.now() >= seen + leaseDurationSeconds * 1000;
  }

  #pause(signal: AbortSignal): Promise<boolean> {
    return this.#waited(this.#duration * RENEWAL * (1 + Math.random() * 0.2), signal);
  }

  /** False when `signal` ended the wait. */
  async #waited(milliseconds: number, signal: AbortSignal): Promise<boolean> {
    try {
      await this.#clock.wait(milliseconds, signal);
      return !signal.aborted;
    } catch {
      return false;
    }
  }
}

/** Kubernetes' MicroTime. */
function microTime(date: Date): string {
  return date.toISOString().replace('Z', '000Z');
}
