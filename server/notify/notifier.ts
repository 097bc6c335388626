import { jitter } from '../../common/backoff.js';
import { systemClock, type Clock } from '../../common/clock.js';
import type { ObservedWorkflow } from '../../argo/status/observed.js';
import { watchWorkflows } from '../../argo/watch/watch-all.js';
import { DUE_SELECTOR } from '../../argo/workflows/marks.js';
import { WorkflowNotifier, type WorkflowNotifierOptions } from './workflow-notifier.js';

/** The services that the notifier uses. */
export interface NotifierOptions extends Omit<WorkflowNotifierOptions, 'clock'> {
  /** Default: the time that passes. */
  readonly clock?: Clock;
}

/** Delay before watching again after the cluster rejected it. In milliseconds. */
const REFUSED_MS = 15_000;

/**
 * Sends the notifications that are due, until `signal` is aborted. Run it under a lease: only one process may do this.
 * What is due and what was sent is marked on the workflows, so after a restart it sends the rest. It sends a notification
 * again, with the same id, if it ended between the request and the mark.
 */
export async function notifyBuilds(options: NotifierOptions, signal: AbortSignal): Promise<void> {
  if (options.settings.notify.length === 0) return;
  const notifier = new Notifier({ ...options, clock: options.clock ?? systemClock }, signal);
  await Promise.all(options.cluster.namespaces.map((namespace) => notifier.watch(namespace)));
}

/** Watches workflows whose notification is due, and notifies of each of them at once. */
class Notifier {
  readonly #workflows: WorkflowNotifier;
  /** Notifications in progress, by the workflow's uid. */
  readonly #active = new Map<string, AbortController>();

  constructor(
    private readonly options: WorkflowNotifierOptions,
    private readonly signal: AbortSignal,
  ) {
    this.#workflows = new WorkflowNotifier(options, signal);
  }

  /** Until the signal is aborted. Never rejects. */
  async watch(namespace: string): Promise<void> {
    const { cluster, log, clock } = this.options;
    const { signal } = this;
    while (!signal.aborted) {
      try {
        for await (const change of watchWorkflows(cluster.client, namespace, DUE_SELECTOR, { signal })) {
          if (change.kind === 'seen') this.#start(change.workflow, namespace);
          else this.#drop(change.last.uid);
        }
      } catch (err) {
        if (isAborted(signal)) return;
        log.error({ err, namespace }, 'watching workflows failed; retrying');
        await clock.wait(jitter(REFUSED_MS), signal).catch(() => undefined);
      }
    }
  }

  #start({ metadata }: ObservedWorkflow, namespace: string): void {
    const uid = metadata.uid ?? metadata.name;
    if (this.#active.has(uid)) return;
    const own = new AbortController();
    this.#active.set(uid, own);
    void this.#workflows
      .notify(metadata, namespace, AbortSignal.any([this.signal, own.signal]))
      .catch((err: unknown) => {
        if (!own.signal.aborted && !this.signal.aborted)
          this.options.log.error({ err, workflow: metadata.name }, 'notification failed');
      })
      .finally(() => {
        if (this.#active.get(uid) === own) this.#active.delete(uid);
      });
  }

  /** Its workflow is gone, or is retried. */
  #drop(uid: string): void {
    this.#active.get(uid)?.abort(new Error('the notification is no longer due'));
    this.#active.delete(uid);
  }
}

function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
