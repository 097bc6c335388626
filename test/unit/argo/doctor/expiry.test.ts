import { expect } from 'chai';

import { certificateEnd, checkExpiry, tokenEnd } from '../../../../argo/doctor/expiry.js';
import { certificate } from '../../../fixtures/tls.js';

const NOW = Date.parse('2026-06-01T12:00:00Z');

function token(claims: unknown): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256' })}.${part(claims)}.signature`;
}

describe('argo/doctor/expiry', () => {
  it('reads the end of a token', () => {
    expect(tokenEnd(`${token({ exp: NOW / 1000, sub: 'ü' })}\n`)?.getTime()).to.equal(NOW);
  });

  for (const [what, text] of [
    ['of another kind', 'ghs_16C7e42F292c6912E7710c838347Ae178B4a'],
    ['without an end', token({ sub: 'a' })],
    ['with an end that is no number', token({ exp: 'soon' })],
    ['with an end beyond all dates', token({ exp: 1e300 })],
    ['whose claims are no object', token(null)],
    ['that is not JSON', 'a.b.c'],
    ['that is empty', ''],
  ] as const)
    it(`knows no end of a token ${what}`, () => {
      expect(tokenEnd(text)).to.equal(undefined);
    });

  it('reads the end of a certificate, and knows none of another text', () => {
    expect(certificateEnd('x')).to.equal(undefined);
    expect(certificateEnd(certificate)?.getUTCFullYear()).to.equal(2120);
  });

  for (const [hours, state, words] of [
    [-49, 'problem', 'the token expired 2 days ago, at 2026-05-30T11:00Z'],
    [-0.01, 'problem', 'the token expired 36 seconds ago, at 2026-06-01T11:59Z'],
    [1.5, 'unknown', 'the token expires in 1 hour, at 2026-06-01T13:30Z'],
    [23.9, 'unknown', 'the token expires in 23 hours, at 2026-06-02T11:54Z'],
    [24, 'ok', 'the token expires in 1 day, at 2026-06-02T12:00Z'],
  ] as const)
    it(`${hours} hours before the end: ${state}`, () => {
      const check = checkExpiry('the token', new Date(NOW + hours * 3600_000), 'log in again', NOW);
      expect(check).to.deep.equal({
        name: 'Login',
        state,
        found: words,
        ...(state !== 'ok' && { nextStep: 'log in again' }),
      });
    });
});
