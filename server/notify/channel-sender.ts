import type { Clock } from '../../common/clock.js';
import type { Logger } from '../telemetry/log.js';
import type { Metrics } from '../telemetry/metrics.js';
import type { Channel } from './channels.js';
import { Lane } from './lane.js';
import type { Message } from './message.js';
import type { PostOutcome } from './post.js';
import { send, type SendPost } from './send.js';

/** The services that {@link ChannelSender} uses. */
export interface ChannelSenderOptions {
  readonly log: Logger;
  readonly metrics: Pick<Metrics, 'notification'>;
  readonly clock: Clock;
  /** Default: over HTTPS. */
  readonly post?: SendPost;
}

/** Sends messages to channels, each in a lane of its own: a receiver that is slow or down delays no other. */
export class ChannelSender {
  readonly #lanes = new Map<string, Lane>();

  /** @param signal - ends all deliveries */
  constructor(
    private readonly options: ChannelSenderOptions,
    private readonly signal: AbortSignal,
  ) {}

  /**
   * Sends a message to a channel, again while that may help. Logs and counts what happens.
   *
   * @returns whether the channel took it
   * @throws the reason of a signal once it is aborted
   */
  async send(channel: Channel, message: Message, signal: AbortSignal): Promise<boolean> {
    const { log, metrics } = this.options;
    const facts = { channel: channel.name, event: message.notice.event, workflow: message.subject.name };
    const attempt = (): Promise<PostOutcome> => this.#attempt(channel, message, facts, signal);
    const result = await this.#lane(channel.name).deliver(attempt, signal);
    metrics.notification(result, channel.name);
    if (result === 'expired') log.error(facts, 'gave up a notification: its channel failed for an hour');
    if (result === 'sent') log.info(facts, 'notification sent');
    return result === 'sent';
  }

  async #attempt(
    channel: Channel,
    message: Message,
    facts: object,
    signal: AbortSignal,
  ): Promise<PostOutcome> {
    const { log, metrics, post } = this.options;
    const outcome = await send(channel, message, signal, post);
    if (outcome.kind === 'retry') {
      metrics.notification('retried', channel.name);
      log.warn({ ...facts, problem: outcome.problem }, 'notification failed; retrying');
    } else if (outcome.kind === 'refused') {
      log.error({ ...facts, problem: outcome.problem }, 'notification refused');
    }
    return outcome;
  }

  #lane(name: string): Lane {
    const lane = this.#lanes.get(name) ?? new Lane(this.options.clock, this.signal);
    this.#lanes.set(name, lane);
    return lane;
  }
}
