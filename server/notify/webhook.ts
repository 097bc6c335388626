import { createHmac } from 'node:crypto';

import { refPath } from '../../generator/workflow/git-ref.js';
import { deliveryId, type Message } from './message.js';

/** Version of the body's form: docs/notification.schema.json. */
const VERSION = 1;

/** The body for a `webhook` channel. */
export function webhookBody(message: Message, channel: string): string {
  const { notice, subject, namespace, urls } = message;
  const { origin, request, name } = subject;
  return JSON.stringify({
    version: VERSION,
    id: deliveryId(message, channel),
    event: notice.event,
    time: notice.time,
    repository: `${origin.repository.owner}/${origin.repository.name}`,
    ...(origin.number === undefined ? { ref: refPath(origin.ref) } : { pull_request: origin.number }),
    commit: request.commit,
    command: request.verb,
    workflow: { name, namespace },
    result: {
      state: notice.event === 'failed' ? 'failed' : 'succeeded',
      summary: notice.summary,
      ...(notice.problem !== undefined && { problem: notice.problem }),
      failures: notice.failures,
      more_failures: notice.more,
    },
    urls,
  });
}

/**
 * The headers for a body. The signature covers the time, so that an old request can't be sent again later.
 *
 * @param seconds - now, since 1970
 */
export function webhookHeaders(
  body: string,
  secret: string,
  { id, event, seconds }: { readonly id: string; readonly event: string; readonly seconds: number },
): Record<string, string> {
  const timestamp = String(Math.floor(seconds));
  const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
  return {
    'content-type': 'application/json',
    'user-agent': 'kfops',
    'x-kfops-event': event,
    'x-kfops-delivery': id,
    'x-kfops-timestamp': timestamp,
    'x-kfops-signature-256': `sha256=${signature}`,
  };
}
