import { backoffMs, jitter, type Backoff } from '../../common/backoff.js';

/** Why a pull request needs a report: a workflow ended, or a step changed. */
export type Weight = 'final' | 'progress';

interface Entry<T> {
  readonly subjects: Map<string, T>;
  weight: Weight;
  /** By the caller's clock. */
  due: number;
  /** Failures in a row. */
  failures: number;
}

/** The reports due on one pull request. */
export interface Notification<T> {
  /** Of the pull request. */
  readonly key: string;
  readonly weight: Weight;
  /** Failures in a row so far. */
  readonly failures: number;
  readonly subjects: readonly T[];
}

/** Milliseconds between two updates of one comment while nothing ends. */
const PACE = 15_000;
/** Delays after failures. */
const BACKOFF: Backoff = { firstMs: 5_000, longestMs: 5 * 60_000 };

/**
 * Decides which pull request is reported next: workflows that ended first and at once, others at most every 15 seconds
 * per pull request. A pull request has at most one report in progress. Its content is read at that moment, so the queue
 * keeps only names. Pure except for `random`.
 */
export class NotificationQueue<T> {
  readonly #entries = new Map<string, Entry<T>>();
  /** Reports in progress. */
  readonly #taken = new Map<string, Entry<T>>();
  /** When a pull request was last reported; deleted after {@link PACE}. */
  readonly #told = new Map<string, number>();

  constructor(private readonly random: () => number = Math.random) {}

  /** Schedules a report about `name` on `key`, at `due` at the earliest. */
  add(key: string, name: string, subject: T, weight: Weight, due: number): void {
    const paced = Math.max(due, (this.#told.get(key) ?? -PACE) + PACE);
    this.#put(key, new Map([[name, subject]]), weight, weight === 'final' ? due : paced, 0);
  }

  /** Takes the next report that is due. Give it back with {@link done} or {@link failed}. */
  dequeue(now: number, wanted: (weight: Weight) => boolean): Notification<T> | undefined {
    let best: [string, Entry<T>] | undefined;
    for (const [key, entry] of this.#entries) {
      if (entry.due > now || this.#taken.has(key) || !wanted(entry.weight)) continue;
      if (best === undefined || isBefore(entry, best[1])) best = [key, entry];
    }
    if (best === undefined) return undefined;
    const [key, entry] = best;
    this.#entries.delete(key);
    this.#taken.set(key, entry);
    return { key, weight: entry.weight, failures: entry.failures, subjects: [...entry.subjects.values()] };
  }

  /** The report succeeded. */
  done(key: string, now: number): void {
    this.#taken.delete(key);
    this.#told.set(key, now);
    for (const [told, at] of this.#told) {
      if (at + PACE > now) break;
      this.#told.delete(told);
    }
    const next = this.#entries.get(key);
    if (next?.weight === 'progress') next.due = Math.max(next.due, now + PACE);
  }

  /** The report failed: retry later, together with what is new. */
  failed(key: string, now: number): void {
    const entry = this.#taken.get(key);
    if (entry === undefined) return;
    this.#taken.delete(key);
    const pause = jitter(backoffMs(BACKOFF, entry.failures + 1), this.random);
    const later = this.#entries.get(key);
    this.#entries.delete(key);
    const subjects = new Map([...entry.subjects, ...(later?.subjects ?? [])]);
    const weight = later?.weight === 'final' ? 'final' : entry.weight;
    this.#put(key, subjects, weight, now + pause, entry.failures + 1);
  }

  /** Whether the end of a workflow is due now, or being reported. */
  hasFinal(now: number): boolean {
    return (
      [...this.#taken.values()].some(({ weight }) => weight === 'final') ||
      [...this.#entries.values()].some(({ weight, due }) => weight === 'final' && due <= now)
    );
  }

  /** When the next report is due, without those in progress; undefined if none waits. */
  next(): number | undefined {
    let next: number | undefined;
    for (const [key, { due }] of this.#entries) {
      if (!this.#taken.has(key) && (next === undefined || due < next)) next = due;
    }
    return next;
  }

  /** Pull requests that wait or are being reported. */
  get size(): number {
    return new Set([...this.#entries.keys(), ...this.#taken.keys()]).size;
  }

  #put(key: string, subjects: Map<string, T>, weight: Weight, due: number, failures: number): void {
    const there = this.#entries.get(key);
    if (there === undefined) {
      this.#entries.set(key, { subjects, weight, due, failures });
      return;
    }
    for (const [name, subject] of subjects) there.subjects.set(name, subject);
    // The end of a workflow skips the pace; after a failure everything waits.
    if (weight === 'final' && there.weight === 'progress') {
      there.weight = 'final';
      if (there.failures === 0) there.due = Math.min(due, there.due);
    } else if (there.weight === weight && there.failures === 0) there.due = Math.min(due, there.due);
  }
}

function isBefore(a: Entry<unknown>, b: Entry<unknown>): boolean {
  return a.weight === b.weight ? a.due < b.due : a.weight === 'final';
}
