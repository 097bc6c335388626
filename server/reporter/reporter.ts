import { jitter } from '../../common/backoff.js';
import { isFinished } from '../../argo/status/nodes.js';
import type { ObservedWorkflow } from '../../argo/status/observed.js';
import { watchWorkflows } from '../../argo/watch/watch-all.js';
import type { WatchedWorkflow } from '../../argo/watch/watched.js';
import { systemClock, type Clock } from '../../common/clock.js';
import { LABELS, KFOPS_SELECTOR } from '../../generator/workflow/names.js';
import { ServiceError } from '../../schema/errors.js';
import { isUnprocessable } from '../github/errors.js';
import { originKey } from '../repository-key.js';
import { resultOrPhase } from './fallback.js';
import { NotificationQueue, type Notification } from './notification-queue.js';
import type { ReporterOptions } from './options.js';
import { resultFingerprint } from './result-fingerprint.js';
import { subjectOf } from './subject.js';
import { tell, type Followed } from './tell.js';

/** Workflows that a server made and whose end isn't reported yet. */
export const UNREPORTED_SELECTOR = `${KFOPS_SELECTOR},${LABELS.request},!${LABELS.reported}`;

/** Steps that start within this time are reported together. In milliseconds. */
const GATHER = 2_000;
/** How long Argo may take to pick up a workflow before it is reported as queued. In milliseconds. */
const QUEUED = 30_000;
/** Pull requests that are reported at once. The GitHub adapter paces the requests and puts ends first. */
const AT_ONCE = { final: 8, progress: 4 } as const;
/** Delay before watching again after the cluster rejected it. In milliseconds. */
const REFUSED = 15_000;
/** Attempts at a write that GitHub rejects for good; it may also reject one for a pull request that is brand new. */
const ATTEMPTS_WHERE_REFUSED = 5;
/** How long reports in progress may take after the signal. In milliseconds. */
const GRACE = 10_000;

/**
 * Follows the workflows of all pull requests and reports each change in the comment and on the commit, until `signal`
 * is aborted. Run it under a lease: only one process may do this. All its state is in the cluster and in the comments,
 * so after a restart it reports what ended meanwhile, and doesn't repeat earlier reports.
 */
export async function reportWorkflows(options: ReporterOptions, signal: AbortSignal): Promise<void> {
  await new Reporter(options, signal).run();
}

class Reporter {
  readonly #queue = new NotificationQueue<Followed>();
  /** Workflows whose end isn't reported, by uid. */
  readonly #followed = new Map<string, Followed>();
  readonly #working = new Map<Promise<void>, Notification<Followed>['weight']>();
  readonly #clock: Clock;
  #wake = new AbortController();

  constructor(
    private readonly options: ReporterOptions,
    private readonly signal: AbortSignal,
  ) {
    this.#clock = options.clock ?? systemClock;
  }

  async run(): Promise<void> {
    const watches = this.options.cluster.namespaces.map((namespace) => this.#watch(namespace));
    await Promise.all([...watches, this.#work()]);
    const over = new AbortController();
    const late = this.#clock.wait(GRACE, over.signal).catch(() => undefined);
    await Promise.race([Promise.allSettled(this.#working.keys()), late]);
    over.abort();
  }

  /** A namespace that can't be watched doesn't keep the others from being reported. */
  async #watch(namespace: string): Promise<void> {
    const { cluster, log, patience } = this.options;
    while (!this.signal.aborted) {
      try {
        const watched = { signal: this.signal, ...(patience && { patience }) };
        for await (const change of watchWorkflows(cluster.client, namespace, UNREPORTED_SELECTOR, watched)) {
          if (change.kind === 'seen') this.#seen(change.workflow, namespace);
          else this.#gone(change.last, namespace);
        }
      } catch (err) {
        if (this.#ended()) return;
        log.error({ err, namespace }, 'watching workflows failed; retrying');
        await this.#clock.wait(jitter(REFUSED), this.signal).catch(() => undefined);
      }
    }
  }

  #ended(): boolean {
    return this.signal.aborted;
  }

  #seen(workflow: ObservedWorkflow, namespace: string): void {
    const followed = this.#follow(workflow.metadata, namespace);
    if (followed === undefined) return;
    const result = resultOrPhase(workflow, this.options.log);
    const now = resultFingerprint(result);
    if (followed.fingerprint === now) return;
    followed.fingerprint = now;
    if (isFinished(workflow)) this.#add(followed, 'final', 0);
    // Argo has picked it up, but its nodes are stored where only the Argo server reads them.
    else if (result.phase === 'unknown') return;
    else this.#add(followed, 'progress', workflow.status?.phase === undefined ? QUEUED : GATHER);
  }

  #gone(last: WatchedWorkflow, namespace: string): void {
    // Unless its end was seen: then it is reported, or about to be.
    if (last.finished) return;
    const followed = this.#follow(last, namespace);
    if (followed !== undefined) this.#add(followed, 'final', 0);
  }

  #follow(metadata: ObservedWorkflow['metadata'] | WatchedWorkflow, namespace: string): Followed | undefined {
    const subject = subjectOf(metadata);
    if (subject === undefined || !this.options.serves(subject.origin.repository)) return undefined;
    const followed = this.#followed.get(subject.uid) ?? { subject, namespace, fingerprint: '' };
    // Other comments may have joined since.
    const current = Object.assign(followed, { subject });
    this.#followed.set(subject.uid, current);
    return current;
  }

  #add(followed: Followed, weight: Notification<Followed>['weight'], after: number): void {
    const { uid, origin } = followed.subject;
    this.#queue.add(originKey(origin), uid, followed, weight, this.#clock.now() + after);
    this.#wake.abort();
  }

  /** Reports what is due, until the signal. */
  async #work(): Promise<void> {
    while (!this.signal.aborted) {
      this.#wake = new AbortController();
      const now = this.#clock.now();
      const busy = (weight: string): number =>
        [...this.#working.values()].filter((each) => each === weight).length;
      const may = {
        final: busy('final') < AT_ONCE.final,
        progress: busy('progress') < AT_ONCE.progress && !this.#queue.hasFinal(now),
      };
      const notification = this.#queue.dequeue(now, (weight) => may[weight]);
      if (notification === undefined) {
        const next = this.#queue.next() ?? Number.POSITIVE_INFINITY;
        // Reports that are due wait for a free place; each that finishes wakes this.
        const pause = next > now ? Math.min(next - now, 60_000) : 60_000;
        const either = AbortSignal.any([this.signal, this.#wake.signal]);
        await this.#clock.wait(pause, either).catch(() => undefined);
        continue;
      }
      const work = this.#tell(notification).finally(() => {
        this.#working.delete(work);
        this.#wake.abort();
      });
      this.#working.set(work, notification.weight);
    }
  }

  /** Never rejects. */
  async #tell(notification: Notification<Followed>): Promise<void> {
    try {
      for (const { subject } of await tell(this.options, notification, this.signal))
        this.#followed.delete(subject.uid);
      this.#queue.done(notification.key, this.#clock.now());
    } catch (err) {
      if (this.signal.aborted) return;
      this.options.log.warn({ err, pullRequest: notification.key }, 'reporting failed; retrying');
      if ((isGone(err) || isUnprocessable(err)) && notification.failures >= ATTEMPTS_WHERE_REFUSED)
        this.#giveUp(notification);
      else this.#queue.failed(notification.key, this.#clock.now());
    }
  }

  #giveUp({ key, subjects }: Notification<Followed>): void {
    this.options.log.error(
      { pullRequest: key },
      'gave up reporting: the pull request no longer exists, or GitHub rejects the report',
    );
    for (const { subject } of subjects) this.#followed.delete(subject.uid);
    this.#queue.done(key, this.#clock.now());
  }
}

/** GitHub's status if a repository or pull request was deleted, or the server lost access to it. */
function isGone(error: unknown): boolean {
  return error instanceof ServiceError && 'status' in error && (error.status === 404 || error.status === 410);
}
