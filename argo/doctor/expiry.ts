import { X509Certificate } from 'node:crypto';

import { isRecord } from '../../common/json.js';
import { formatAge } from './spans.js';
import type { Check } from './doctor.js';

/** A credential that ends sooner gets a warning; milliseconds. */
const SOON_MS = 24 * 3600_000;

/**
 * When a JSON Web Token ends: its claim `exp`. The signature is not looked at.
 *
 * @returns undefined for a token of another kind, or one without an end
 */
export function tokenEnd(token: string): Date | undefined {
  const [, payload, signature] = token.trim().split('.');
  if (payload === undefined || signature === undefined) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    return isRecord(claims) && typeof claims.exp === 'number' ? validDate(claims.exp * 1000) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * When a certificate ends.
 *
 * @param pem - PEM text
 * @returns undefined where it cannot be read
 */
export function certificateEnd(pem: string): Date | undefined {
  try {
    return validDate(Date.parse(new X509Certificate(pem).validTo));
  } catch {
    return undefined;
  }
}

function validDate(milliseconds: number): Date | undefined {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/**
 * Whether a credential lasts long enough.
 *
 * @param what - `the token of the kubeconfig`
 */
export function checkExpiry(what: string, end: Date, nextStep: string, now = Date.now()): Check {
  const left = end.getTime() - now;
  const at = end.toISOString().replace(/:\d{2}\.\d{3}Z$/, 'Z');
  const name = 'Login';
  if (left <= 0)
    return { name, state: 'problem', found: `${what} expired ${formatAge(-left)} ago, at ${at}`, nextStep };
  const found = `${what} expires in ${formatAge(left)}, at ${at}`;
  return left < SOON_MS ? { name, state: 'unknown', found, nextStep } : { name, state: 'ok', found };
}
