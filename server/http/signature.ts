import { createHmac, timingSafeEqual } from 'node:crypto';

const SIGNATURE = /^sha256=([0-9a-f]{64})$/;

/** Whether a header can be a signature at all, which costs nothing to see before the body is read. */
export function isSignature(header: string): boolean {
  return SIGNATURE.test(header);
}

/**
 * Whether GitHub signed these bytes with one of the secrets:
 * https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
 *
 * It is computed at once, not in a thread: bodies that wait for it would pile up beyond the limit for unverified ones.
 */
export function isSigned(secrets: readonly string[], body: Buffer, header: string): boolean {
  const given = SIGNATURE.exec(header)?.[1];
  if (given === undefined || body.length === 0) return false;
  const signature = Buffer.from(given, 'hex');
  // All of them, so that the time says nothing about which one it was.
  return secrets
    .map((secret) => timingSafeEqual(createHmac('sha256', secret).update(body).digest(), signature))
    .includes(true);
}
