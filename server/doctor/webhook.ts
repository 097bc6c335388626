import type { Check } from '../../argo/doctor/doctor.js';
import { enumerate } from '../../common/enumerate.js';
import type { Settings } from '../../schema/index.js';
import { trimEndOf } from '../../schema/trim-end.js';
import type { HookFacts } from '../github/facts.js';
import type { AppInspection } from '../github/inspection.js';
import { checkDeliveries } from './deliveries.js';
import { failed } from './failed.js';

const NAME = 'Webhook';

/**
 * The App's webhook, and whether GitHub's latest requests to it were accepted.
 *
 * @param page - where the App's owner changes it
 */
export async function checkWebhook(
  inspection: AppInspection,
  settings: Settings,
  page: string,
): Promise<Check[]> {
  try {
    const [hook, deliveries] = await Promise.all([inspection.hook(), inspection.deliveries()]);
    if (!hook || hook.url === '') return [withoutWebhook(settings, page)];
    return [webhook(hook, settings, page), checkDeliveries(deliveries ?? [], hook.url, page)];
  } catch (error) {
    return [failed(NAME, error)];
  }
}

function withoutWebhook(settings: Settings, page: string): Check {
  const url = expectedUrl(settings) ?? 'the server’s address with /webhook';
  return {
    name: NAME,
    state: 'problem',
    found: 'the App has none, or it isn’t active: GitHub tells the server nothing',
    nextStep: `set it to ${url} at ${page} (General → Webhook), and tick “Active”`,
  };
}

function webhook(
  { url, contentType, isInsecure, hasSecret }: HookFacts,
  settings: Settings,
  page: string,
): Check {
  const wrong = [
    ...(contentType === 'json' ? [] : [`the content type is ${contentType}, not application/json`]),
    ...(hasSecret ? [] : ['it has no secret, so the server refuses every delivery']),
    ...(isInsecure ? ['GitHub doesn’t check the server’s certificate'] : []),
  ];
  if (wrong.length > 0)
    return {
      name: NAME,
      state: 'problem',
      found: `${url}: ${enumerate(wrong)}`,
      nextStep: `correct it at ${page} (General → Webhook); the secret is that of server.github.webhook_secret_files`,
    };
  const expected = expectedUrl(settings);
  if (expected !== undefined && trimEndOf(url, '/') !== expected)
    return {
      name: NAME,
      // An Ingress may forward another path or host.
      state: 'unknown',
      found: `is ${url}, but server.url in the settings makes it ${expected}`,
      nextStep: `correct server.url, or the webhook at ${page} (General → Webhook), unless the address is forwarded`,
    };
  return { name: NAME, state: 'ok', found: `${url}, with a secret` };
}

function expectedUrl({ server: { url } }: Settings): string | undefined {
  return url === undefined ? undefined : `${trimEndOf(url, '/')}/webhook`;
}
