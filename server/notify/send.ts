import { readFile } from 'node:fs/promises';

import type { Channel } from './channels.js';
import { deliveryId, type Message } from './message.js';
import { post, type Post, type PostOutcome } from './post.js';
import { slackBody } from './slack.js';
import { webhookBody, webhookHeaders } from './webhook.js';

/** How a request is made; tests have one of their own. */
export type SendPost = (options: Post, signal: AbortSignal) => Promise<PostOutcome>;

/**
 * Sends a message to a channel, once. Reads the channel's files each time, so that they can be exchanged.
 *
 * @throws the reason of `signal` once it is aborted, and nothing else
 */
export async function send(
  channel: Channel,
  message: Message,
  signal: AbortSignal,
  sendPost: SendPost = post,
): Promise<PostOutcome> {
  let request: Post;
  try {
    request = await requestFor(channel, message);
  } catch (error) {
    // Nothing of a file's content is in it.
    if (error instanceof UnusableFile) return { kind: 'retry', problem: error.message };
    return { kind: 'refused', problem: `the message cannot be written (${(error as Error).name})` };
  }
  return sendPost(request, signal);
}

async function requestFor(channel: Channel, message: Message): Promise<Post> {
  const { name, kind, allow_private: allowPrivate, ca_file: caFile } = channel;
  const url = secretUrl(channel.url ?? (await fileOf('url_file', channel.url_file)));
  const ca = caFile === undefined ? undefined : await fileOf('ca_file', caFile);
  const common = { url, allowPrivate, ...(ca !== undefined && { ca }) };
  if (kind === 'slack') {
    const headers = { 'content-type': 'application/json', 'user-agent': 'kfops' };
    return { ...common, body: slackBody(message), headers };
  }
  const secret = await fileOf('secret_file', channel.secret_file);
  const body = webhookBody(message, name);
  const facts = { id: deliveryId(message, name), event: message.notice.event, seconds: Date.now() / 1000 };
  return { ...common, body, headers: webhookHeaders(body, secret, facts) };
}

class UnusableFile extends Error {}

function secretUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'https:') throw new UnusableFile('its url_file has no address with https://');
  return url;
}

async function fileOf(key: string, file: string | undefined): Promise<string> {
  let text: string;
  try {
    text = (await readFile(file ?? '', 'utf8')).trim();
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new UnusableFile(`its ${key} can't be read (${code})`);
  }
  if (text === '') throw new UnusableFile(`its ${key} is empty`);
  return text;
}
