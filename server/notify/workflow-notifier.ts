import { Semaphore } from '../../common/semaphore.js';
import type { Patience } from '../../argo/client/patience.js';
import type { ObservedWorkflow } from '../../argo/status/observed.js';
import { markNotifyEnd } from '../../argo/workflows/marks.js';
import { ANNOTATIONS } from '../../generator/workflow/names.js';
import type { Settings } from '../../schema/index.js';
import type { ServerContext } from '../context.js';
import { subjectOf, type Subject } from '../reporter/subject.js';
import { isServed } from '../rules/permissions.js';
import type { Metrics } from '../telemetry/metrics.js';
import { channelsFor, type Channel } from './channels.js';
import { ChannelSender, type ChannelSenderOptions } from './channel-sender.js';
import { messageOf, type Message } from './message.js';
import { namedChannels, type NamedOptions } from './named.js';
import { readNotice } from './notice.js';
import { NotifiedChannels } from './notified-channels.js';

/** The services that {@link WorkflowNotifier} uses. */
export interface WorkflowNotifierOptions
  extends Pick<ServerContext, 'cluster' | 'render'>, ChannelSenderOptions, Omit<NamedOptions, 'reading'> {
  readonly settings: Pick<Settings, 'notify' | 'argo' | 'server'>;
  readonly metrics: Pick<Metrics, 'notification'>;
}

type Metadata = ObservedWorkflow['metadata'];

/** Repositories whose config.yaml is read at once. */
const READ_AT_ONCE = 2;
/** With the cluster, for marks. */
const PATIENCE: Patience = { totalMs: Number.POSITIVE_INFINITY, firstMs: 500, longestMs: 15_000 };

/** Sends the notification of one workflow to its channels, and marks on the workflow what was sent. */
export class WorkflowNotifier {
  readonly #sender: ChannelSender;
  readonly #reading = new Semaphore(READ_AT_ONCE);

  /** @param signal - ends all of it */
  constructor(
    private readonly options: WorkflowNotifierOptions,
    private readonly signal: AbortSignal,
  ) {
    this.#sender = new ChannelSender(options, signal);
  }

  /**
   * Sends the notification to the channels that aren't marked as notified, and marks it as no longer due.
   *
   * @param signal - ends this one
   * @throws the reason of a signal once it is aborted, and KubernetesError when the cluster refuses a mark
   */
  async notify(metadata: Metadata, namespace: string, signal: AbortSignal): Promise<void> {
    const message = this.#messageOf(metadata, namespace);
    const isDelivered = message !== undefined && (await this.#deliver(message, metadata, signal));
    // The mark itself ends the watch of the workflow, and with it this notification's own signal.
    const until = { signal: this.signal, patience: PATIENCE };
    const { client } = this.options.cluster;
    await markNotifyEnd(client, namespace, metadata.name, isDelivered ? 'done' : 'undelivered', until);
  }

  /** What to send; undefined if the workflow doesn't say, or isn't believed. */
  #messageOf(metadata: Metadata, namespace: string): Message | undefined {
    const { settings, render } = this.options;
    const subject = subjectOf(metadata);
    const notice = readNotice(metadata.annotations?.[ANNOTATIONS.notice]);
    if (!subject || !notice || !this.#isBelieved(subject, namespace)) return undefined;
    return messageOf(subject, notice, { web: render.web, argoUrl: settings.argo.url, namespace });
  }

  /** A team can forge a workflow of any repository in its own namespace. */
  #isBelieved({ name, origin: { repository } }: Subject, namespace: string): boolean {
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

  /** @returns whether every channel got it */
  async #deliver(message: Message, metadata: Metadata, signal: AbortSignal): Promise<boolean> {
    const { cluster, settings } = this.options;
    const { subject, namespace, notice } = message;
    const annotation = metadata.annotations?.[ANNOTATIONS.notified];
    const notified = new NotifiedChannels(cluster.client, { namespace, name: metadata.name }, annotation);
    const channels = channelsFor(settings, subject.origin.repository).filter(
      ({ on, name }) => on.includes(notice.event) && !notified.has(name),
    );
    const deliver = async (channel: Channel): Promise<boolean> => {
      const isSent = await this.#sender.send(channel, message, signal);
      if (isSent) await notified.add(channel.name, { signal, patience: PATIENCE });
      return isSent;
    };
    const results = await Promise.all([
      ...channels.filter(({ always }) => always).map(deliver),
      this.#toNamed(
        channels.filter(({ always }) => !always),
        message,
        signal,
        deliver,
      ),
    ]);
    return results.every(Boolean);
  }

  /** Delivers to those channels that config.yaml names. */
  async #toNamed(
    channels: readonly Channel[],
    { subject: { origin } }: Message,
    signal: AbortSignal,
    deliver: (channel: Channel) => Promise<boolean>,
  ): Promise<boolean> {
    if (channels.length === 0) return true;
    const names = await namedChannels({ ...this.options, reading: this.#reading }, origin, signal);
    if (names === undefined) {
      this.options.metrics.notification('unreadable');
      return false;
    }
    const results = await Promise.all(channels.filter(({ name }) => names.includes(name)).map(deliver));
    return results.every(Boolean);
  }
}
