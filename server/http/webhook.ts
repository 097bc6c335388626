import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

import type { InboxEvent } from '../ports.js';
import type { Logger } from '../telemetry/log.js';
import type { DeliveryOutcome, Metrics } from '../telemetry/metrics.js';
import { BodyReader, problemOfHead, type BodyLimits, type BodyProblem } from './body.js';
import { inboxEvent, isRelevant } from './events.js';
import { plain, type HttpResponse } from './response.js';
import { isSignature, isSigned } from './signature.js';

/** A GitHub delivery with a valid signature and a relevant event. */
export interface Delivery {
  /** GitHub's, as it shows it among an App's recent deliveries. It is not signed. */
  readonly id: string;
  readonly event: InboxEvent;
  readonly receivedAt: Date;
  /** Its lines carry the delivery's id. */
  readonly log: Logger;
}

/** What {@link webhook} needs. */
export interface WebhookOptions {
  /** The secrets that are valid now: two during a rotation. */
  readonly secrets: () => readonly string[];
  readonly limits: BodyLimits;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** Queues the delivery, which is acknowledged when this returns. Must not take long. */
  readonly onDelivery: (delivery: Delivery) => void;
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number;
}

const DELIVERY_ID = /^[\w-]{1,64}$/;
const WARN_EVERY_MS = 60_000;

interface DeliveryAnswer {
  readonly answer: HttpResponse;
  readonly outcome: DeliveryOutcome;
}

const IGNORED: DeliveryAnswer = { answer: plain(202, 'ignored'), outcome: 'ignored' };

const PROBLEMS: Record<BodyProblem, DeliveryAnswer> = {
  'no-length': { answer: plain(411, 'the header content-length is missing'), outcome: 'malformed' },
  'too-large': { answer: plain(413, 'the body is too large'), outcome: 'too-large' },
  'too-slow': {
    answer: plain(408, 'the body arrived too slowly', { connection: 'close' }),
    outcome: 'too-slow',
  },
  dropped: {
    answer: plain(503, 'busy', { 'retry-after': '5', connection: 'close' }),
    outcome: 'dropped',
  },
  gone: { answer: plain(400, 'the body ended early'), outcome: 'malformed' },
};

/**
 * Receives GitHub deliveries. Before the signature is checked, headers decide only whether the body is read at all.
 * Afterwards they say nothing more than the event's name and the delivery's id, as they are not signed.
 */
export function webhook(options: WebhookOptions): (request: IncomingMessage) => Promise<HttpResponse> {
  const deliveries = new Deliveries(options);
  return (request) => deliveries.receive(request);
}

class Deliveries {
  readonly #options: WebhookOptions;
  readonly #reader: BodyReader;
  readonly #warn: (message: string) => void;

  constructor(options: WebhookOptions) {
    const { limits, log, metrics, now } = options;
    this.#options = options;
    this.#reader = new BodyReader(limits, (bytes) => {
      metrics.unverifiedBytes(bytes);
    });
    this.#warn = rateLimited((message: string) => {
      log.warn(message);
    }, now);
  }

  async receive(request: IncomingMessage): Promise<HttpResponse> {
    const receivedAt = new Date();
    const known = this.#options.secrets();
    if (known.length === 0) return this.#refuse('unavailable', plain(503, 'no webhook secret is configured'));
    const refused = this.#refusalOfHead(request);
    if (refused) return refused;
    const signature = header(request, 'x-hub-signature-256');
    const body = await this.#reader.read(request, async (bytes) =>
      (await isSigned(known, bytes, signature)) ? bytes : undefined,
    );
    if (typeof body === 'string') return this.#unread(body);
    if (body === undefined) return this.#unsigned();

    const { outcome, answer } = this.#keep(request, body, receivedAt);
    this.#options.metrics.delivery(header(request, 'x-github-event'), outcome);
    return answer;
  }

  /** Queues a signed delivery, if its event is relevant. */
  #keep(request: IncomingMessage, body: Buffer, receivedAt: Date): DeliveryAnswer {
    const { log, onDelivery } = this.#options;
    const name = header(request, 'x-github-event');
    if (!isRelevant(name)) return IGNORED;
    let payload: unknown;
    try {
      payload = JSON.parse(body.toString('utf8'));
    } catch {
      return { outcome: 'malformed', answer: plain(400, 'the body is not JSON') };
    }
    const event = inboxEvent(name, payload);
    if (!event) return IGNORED;

    const given = header(request, 'x-github-delivery');
    const id = DELIVERY_ID.test(given) ? given : randomUUID();
    try {
      onDelivery({ id, event, receivedAt, log: log.child({ delivery: id }) });
    } catch (err) {
      log.error({ err, delivery: id }, 'delivery not accepted');
      return { outcome: 'failed', answer: plain(500, 'the delivery was not accepted') };
    }
    return { outcome: 'accepted', answer: plain(202, 'accepted') };
  }

  /** Checks that need no body. A ping shows whether the secret is right, so its signature is checked. */
  #refusalOfHead(request: IncomingMessage): HttpResponse | undefined {
    const problem = problemOfHead(request, this.#options.limits.bytes);
    if (problem) return this.#unread(problem);
    if (!isSignature(header(request, 'x-hub-signature-256'))) return this.#unsigned();
    if (!/^application\/json\b/i.test(header(request, 'content-type'))) {
      this.#warn("deliveries that aren't JSON; set the webhook's content type to application/json");
      return this.#refuse('malformed', plain(415, 'the content type must be application/json'));
    }
    const name = header(request, 'x-github-event');
    return name === 'ping' || isRelevant(name) ? undefined : this.#refuse(IGNORED.outcome, IGNORED.answer);
  }

  #unread(problem: BodyProblem): HttpResponse {
    if (problem === 'dropped') {
      this.#warn(
        'too much memory used by unverified deliveries; dropped the oldest. Limit requests at the ingress: docs/server.md',
      );
    }
    return this.#refuse(PROBLEMS[problem].outcome, PROBLEMS[problem].answer);
  }

  #unsigned(): HttpResponse {
    this.#warn(
      "deliveries with a wrong or missing signature; check that the webhook's secret on GitHub matches the settings",
    );
    return this.#refuse('unsigned', plain(401, 'the signature is missing or wrong'));
  }

  /** Before the signature was checked: the event's name could be anybody's. */
  #refuse(outcome: DeliveryOutcome, answer: HttpResponse): HttpResponse {
    this.#options.metrics.delivery('', outcome);
    return answer;
  }
}

/** Strangers must not fill the log. */
function rateLimited(
  write: (message: string) => void,
  now = () => performance.now(),
): (message: string) => void {
  const last = new Map<string, number>();
  return (message) => {
    const time = now();
    if (time - (last.get(message) ?? -Infinity) < WARN_EVERY_MS) return;
    last.set(message, time);
    write(message);
  };
}

function header(request: IncomingMessage, name: string): string {
  const value = request.headers[name];
  return typeof value === 'string' ? value : '';
}
