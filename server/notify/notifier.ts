import { jitter } from '../../common/backoff.js';
import { systemClock, type Clock } from '../../common/clock.js';
import { Semaphore } from '../../common/semaphore.js';
import type { Patience } from '../../argo/client/patience.js';
import type { ObservedWorkflow } from '../../argo/status/observed.js';
import { watchWorkflows } from '../../argo/watch/watch-all.js';
import { DUE_SELECTOR, markNotified, markNotifyEnd } from '../../argo/workflows/marks.js';
import { ANNOTATIONS } from '../../generator/workflow/names.js';
import type { Settings } from '../../schema/index.js';
import type { ServerContext } from '../context.js';
import { subjectOf, type Subject } from '../reporter/subject.js';
import { isServed } from '../rules/permissions.js';
import type { Logger } from '../telemetry/log.js';
import type { Metrics } from '../telemetry/metrics.js';
import { channelsFor, type Channel } from './channels.js';
import { Lane } from './lane.js';
import { messageOf, type Message } from './message.js';
import { namedChannels } from './named.js';
import { readNotice } from './notice.js';
import { send, type SendPost } from './send.js';

/** The services that the notifier uses. */
export interface NotifierOptions extends Pick<ServerContext, 'cluster' | 'planner' | 'render'> {
  readonly settings: Pick<Settings, 'notify' | 'argo' | 'server'>;
  readonly github: Pick<ServerContext['github'], 'pullRequests' | 'branchTip'>;
  readonly log: Logger;
  readonly metrics: Pick<Metrics, 'notification'>;
  /** Default: over HTTPS. */
  readonly post?: SendPost;
  /** Default: the time that passes. */
  readonly clock?: Clock;
}

/** Repositories whose config.yaml is read at once. */
const READ_AT_ONCE = 2;
/** Delay before watching again after the cluster rejected it. In milliseconds. */
const REFUSED_MS = 15_000;
/** With the cluster, for marks. */
const PATIENCE: Patience = { totalMs: Number.POSITIVE_INFINITY, firstMs: 500, longestMs: 15_000 };

/**
 * Sends the notifications that are due, until `signal` is aborted. Run it under a lease: only one process may do this.
 * What is due and what was sent is marked on the workflows, so after a restart it sends the rest. It sends a notification
 * again, with the same id, if it ended between the request and the mark.
 */
export async function notifyBuilds(options: NotifierOptions, signal: AbortSignal): Promise<void> {
  if (options.settings.notify.length === 0) return;
  const notifier = new Notifier(options, options.clock ?? systemClock, signal);
  await Promise.all(
    options.cluster.namespaces.map((namespace) => watchNamespace(options, namespace, notifier, signal)),
  );
}

async function watchNamespace(
  { cluster, log, clock = systemClock }: NotifierOptions,
  namespace: string,
  notifier: Notifier,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      for await (const change of watchWorkflows(cluster.client, namespace, DUE_SELECTOR, { signal })) {
        if (change.kind === 'seen') notifier.start(change.workflow, namespace);
        else notifier.drop(change.last.uid);
      }
    } catch (err) {
      if (isAborted(signal)) return;
      log.error({ err, namespace }, 'watching workflows failed; retrying');
      await clock.wait(jitter(REFUSED_MS), signal).catch(() => undefined);
    }
  }
}

function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

class Notifier {
  readonly #lanes = new Map<string, Lane>();
  readonly #reading = new Semaphore(READ_AT_ONCE);
  /** Notifications in progress, by the workflow's uid. */
  readonly #active = new Map<string, AbortController>();

  constructor(
    private readonly options: NotifierOptions,
    private readonly clock: Clock,
    private readonly signal: AbortSignal,
  ) {}

  start(workflow: ObservedWorkflow, namespace: string): void {
    const uid = workflow.metadata.uid ?? workflow.metadata.name;
    if (this.#active.has(uid)) return;
    const own = new AbortController();
    this.#active.set(uid, own);
    void this.#notify(workflow, namespace, AbortSignal.any([this.signal, own.signal]))
      .catch((err: unknown) => {
        const workflowName = workflow.metadata.name;
        if (!own.signal.aborted && !this.signal.aborted)
          this.options.log.error({ err, workflow: workflowName }, 'notification failed');
      })
      .finally(() => {
        if (this.#active.get(uid) === own) this.#active.delete(uid);
      });
  }

  /** Its workflow is gone, or is retried. */
  drop(uid: string): void {
    this.#active.get(uid)?.abort(new Error('the notification is no longer due'));
    this.#active.delete(uid);
  }

  async #notify({ metadata }: ObservedWorkflow, namespace: string, signal: AbortSignal): Promise<void> {
    const { settings, render, cluster } = this.options;
    const subject = subjectOf(metadata);
    const notice = readNotice(metadata.annotations?.[ANNOTATIONS.notice]);
    const pages = { web: render.web, argoUrl: settings.argo.url, namespace };
    const outcome =
      subject && notice && this.#isBelieved(subject, namespace)
        ? await this.#deliver(messageOf(subject, notice, pages), metadata, namespace, signal)
        : 'undelivered';
    await markNotifyEnd(cluster.client, namespace, metadata.name, outcome, {
      signal: this.signal,
      patience: PATIENCE,
    });
  }

  /** A team can forge a workflow of any repository in its own namespace. */
  #isBelieved({ name, pullRequest: { repository } }: Subject, namespace: string): boolean {
    const { settings, cluster, log } = this.options;
    const isBelieved =
      isServed(settings.server.repositories, repository) && cluster.namespaceOf(repository) === namespace;
    if (!isBelieved)
      log.warn(
        { workflow: name, namespace, repository: `${repository.owner}/${repository.name}` },
        'notification not sent: builds of this repository run in another namespace, or it is not served',
      );
    return isBelieved;
  }

  async #deliver(
    message: Message,
    { name, annotations }: ObservedWorkflow['metadata'],
    namespace: string,
    signal: AbortSignal,
  ): Promise<'done' | 'undelivered'> {
    const { cluster, settings } = this.options;
    const { repository } = message.subject.pullRequest;
    const notified = new Set(namesIn(annotations?.[ANNOTATIONS.notified]));
    const candidates = channelsFor(settings, repository).filter(
      (channel) => channel.on.includes(message.notice.event) && !notified.has(channel.name),
    );
    let marked: Promise<void> = Promise.resolve();
    const deliver = async (channel: Channel): Promise<boolean> => {
      const isSent = await this.#toChannel(channel, message, signal);
      if (!isSent) return false;
      notified.add(channel.name);
      // One after the other: each has all the names.
      marked = marked.then(() =>
        markNotified(cluster.client, namespace, name, [...notified], { signal, patience: PATIENCE }),
      );
      await marked;
      return true;
    };
    const always = candidates.filter(({ always: isAlways }) => isAlways);
    const rest = candidates.filter(({ always: isAlways }) => !isAlways);
    const results = await Promise.all([
      ...always.map(deliver),
      this.#toNamed(rest, message, signal, deliver),
    ]);
    return results.every(Boolean) ? 'done' : 'undelivered';
  }

  /** Delivers to those channels that config.yaml names. */
  async #toNamed(
    channels: readonly Channel[],
    { subject }: Message,
    signal: AbortSignal,
    deliver: (channel: Channel) => Promise<boolean>,
  ): Promise<boolean> {
    if (channels.length === 0) return true;
    const { pullRequest } = subject;
    const how = { ...this.options, clock: this.clock, reading: this.#reading };
    const named = await namedChannels(how, pullRequest, signal);
    if (named === undefined) {
      this.options.metrics.notification('unreadable');
      return false;
    }
    const results = await Promise.all(channels.filter(({ name }) => named.includes(name)).map(deliver));
    return results.every(Boolean);
  }

  async #toChannel(channel: Channel, message: Message, signal: AbortSignal): Promise<boolean> {
    const { log, metrics, post } = this.options;
    const facts = { channel: channel.name, event: message.notice.event, workflow: message.subject.name };
    const attempt = async (): ReturnType<typeof send> => {
      const outcome = await send(channel, message, signal, post);
      if (outcome.kind === 'retry') {
        metrics.notification('retried', channel.name);
        log.warn({ ...facts, problem: outcome.problem }, 'notification failed; retrying');
      } else if (outcome.kind === 'refused') {
        log.error({ ...facts, problem: outcome.problem }, 'notification refused');
      }
      return outcome;
    };
    const result = await this.#lane(channel.name).deliver(attempt, signal);
    metrics.notification(result, channel.name);
    if (result === 'expired') log.error(facts, 'gave up a notification: its channel failed for an hour');
    if (result === 'sent') log.info(facts, 'notification sent');
    return result === 'sent';
  }

  #lane(name: string): Lane {
    const lane = this.#lanes.get(name) ?? new Lane(this.clock, this.signal);
    this.#lanes.set(name, lane);
    return lane;
  }
}

function namesIn(json = '[]'): readonly string[] {
  try {
    const value: unknown = JSON.parse(json);
    return Array.isArray(value) ? value.filter((name) => typeof name === 'string') : [];
  } catch {
    return [];
  }
}
