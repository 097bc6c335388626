import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

import { Webhooks } from '@octokit/webhooks';

import { inboxEvent, isRelevant } from '../events.js';
import type { Logger } from '../log.js';
import type { DeliveryOutcome, Metrics } from '../metrics.js';
import type { InboxEvent } from '../ports.js';
import { plain, type Answer } from './answer.js';
import { BodyReader, type BodyLimits, type BodyProblem } from './body.js';

/** A delivery of GitHub that was signed, and means something. */
export interface Delivery {
  /** GitHub's, as it shows it among an App's recent deliveries. It is not signed. */
  readonly id: string;
  readonly event: InboxEvent;
  readonly receivedAt: Date;
  /** Its lines carry the delivery's id. */
  readonly log: Logger;
}

/** What {@link webhook} is made of. */
export interface WebhookOptions {
  /** Secrets that are good at the moment: two while they are exchanged. */
  readonly secrets: () => readonly string[];
  readonly limits: BodyLimits;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** Returns when the delivery is kept; it is acknowledged then. Must not take long. */
  readonly onDelivery: (delivery: Delivery) => void;
}

const SIGNATURE = /^sha256=[0-9a-f]{64}$/;
const DELIVERY_ID = /^[\w-]{1,64}$/;
const WARN_EVERY_MS = 60_000;

const PROBLEMS: Record<BodyProblem, { answer: Answer; outcome: DeliveryOutcome }> = {
  'too-large': { answer: plain(413, 'the body is too large'), outcome: 'too-large' },
  'too-slow': {
    answer: plain(408, 'the body came too slowly', { connection: 'close' }),
    outcome: 'too-slow',
  },
  busy: { answer: plain(503, 'busy', { 'retry-after': '5' }), outcome: 'unavailable' },
  gone: { answer: plain(400, 'the body ended early'), outcome: 'malformed' },
};

/**
 * Takes deliveries of GitHub. Nothing of a request is looked at before its signature was checked, but the signature's
 * own form; and headers say nothing more than the event's name and the delivery's id, as they are not signed.
 */
export function webhook(options: WebhookOptions): (request: IncomingMessage) => Promise<Answer> {
  const { secrets, log, metrics, onDelivery } = options;
  const reader = new BodyReader(options.limits);
  const verifies = verifier();
  const warn = seldom((message: string) => {
    log.warn(message);
  });

  /** Stands before the signature was checked: the event's name could be anybody's. */
  const refuse = (outcome: DeliveryOutcome, answer: Answer): Answer => {
    metrics.delivery('', outcome);
    return answer;
  };
  const unsigned = (): Answer => {
    warn(
      "deliveries with a wrong signature, or none; is the webhook's secret at GitHub the one in the settings?",
    );
    return refuse('unsigned', plain(401, 'the signature is missing or wrong'));
  };

  return async (request) => {
    const receivedAt = new Date();
    const known = secrets();
    if (known.length === 0) return refuse('unavailable', plain(503, 'no webhook secret is configured'));
    const tooLarge = Number(request.headers['content-length']) > options.limits.bytes;
    const signature = header(request, 'x-hub-signature-256');
    if (!tooLarge && !SIGNATURE.test(signature)) return unsigned();
    const body = await reader.read(request);
    if (typeof body === 'string') return refuse(PROBLEMS[body].outcome, PROBLEMS[body].answer);
    const text = body.toString('utf8');
    // @octokit/webhooks takes a text: it must stand for exactly these bytes.
    if (!isUtf8(body) || !(await verifies(known, text, signature))) return unsigned();

    const name = header(request, 'x-github-event');
    const outcome = (outcome: DeliveryOutcome, answer: Answer): Answer => {
      metrics.delivery(name, outcome);
      return answer;
    };
    if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
      warn(
        "deliveries that are not JSON; choose the content type application/json in the webhook's settings",
      );
      return outcome('malformed', plain(415, 'the content type must be application/json'));
    }
    if (!isRelevant(name)) return outcome('ignored', plain(202, 'ignored'));
    let payload: unknown;
    try {
      payload = JSON.parse(text);
    } catch {
      return outcome('malformed', plain(400, 'the body is not JSON'));
    }
    const event = inboxEvent(name, payload);
    if (!event) return outcome('ignored', plain(202, 'ignored'));

    const given = header(request, 'x-github-delivery');
    const id = DELIVERY_ID.test(given) ? given : randomUUID();
    try {
      onDelivery({ id, event, receivedAt, log: log.child({ delivery: id }) });
    } catch (err) {
      log.error({ err, delivery: id }, 'a delivery could not be kept');
      return outcome('failed', plain(500, 'the delivery could not be kept'));
    }
    return outcome('accepted', plain(202, 'accepted'));
  };
}

/** One verifier of @octokit/webhooks for each secret: it compares in constant time. */
function verifier(): (secrets: readonly string[], body: string, signature: string) => Promise<boolean> {
  let verifiers = new Map<string, Webhooks>();
  return async (secrets, body, signature) => {
    if (secrets.length !== verifiers.size || secrets.some((secret) => !verifiers.has(secret))) {
      verifiers = new Map(secrets.map((secret) => [secret, new Webhooks({ secret })]));
    }
    if (body === '') return false;
    let good = false;
    for (const webhooks of verifiers.values()) good = (await webhooks.verify(body, signature)) || good;
    return good;
  };
}

/** Strangers must not fill the log. */
function seldom(write: (message: string) => void): (message: string) => void {
  const last = new Map<string, number>();
  return (message) => {
    const now = performance.now();
    if (now - (last.get(message) ?? -Infinity) < WARN_EVERY_MS) return;
    last.set(message, now);
    write(message);
  };
}

function header(request: IncomingMessage, name: string): string {
  const value = request.headers[name];
  return typeof value === 'string' ? value : '';
}
