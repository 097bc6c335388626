import { isUtf8 } from 'node:buffer';

import { Webhooks } from '@octokit/webhooks';

const SIGNATURE = /^sha256=[0-9a-f]{64}$/;

/** Whether a header can be a signature at all, which costs nothing to see before the body is read. */
export function isSignature(header: string): boolean {
  return SIGNATURE.test(header);
}

/**
 * Whether GitHub signed these bytes with one of the secrets:
 * https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
 */
export async function isSigned(secrets: readonly string[], body: Buffer, header: string): Promise<boolean> {
  // @octokit/webhooks takes a string: it must encode to exactly these bytes.
  if (!isSignature(header) || body.length === 0 || !isUtf8(body)) return false;
  const text = body.toString('utf8');
  // All of them, so that the time says nothing about which one it was.
  const verdicts = await Promise.all(secrets.map((secret) => new Webhooks({ secret }).verify(text, header)));
  return verdicts.includes(true);
}
