import { createHmac } from 'node:crypto';

import { expect } from 'chai';
import fc from 'fast-check';

import { isSignature, isSigned } from '../../../../server/http/signature.js';
import { signatureOf } from '../../../support/webhook.js';

const EXAMPLE = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17';
const SECRET = "It's a Secret to Everybody";
const HELLO = Buffer.from('Hello, World!');

describe('threat 1: signatures', () => {
  it("verifies GitHub's documented example, with any of the secrets", () => {
    expect(isSigned([SECRET], HELLO, EXAMPLE)).to.equal(true);
    expect(isSigned(['other', SECRET], HELLO, EXAMPLE)).to.equal(true);
    expect(isSigned([SECRET, 'other'], HELLO, EXAMPLE)).to.equal(true);
    expect(isSigned(['other'], HELLO, EXAMPLE)).to.equal(false);
    expect(isSigned([], HELLO, EXAMPLE)).to.equal(false);
  });

  it('accepts no other signature, whatever bit of it or of the body is changed', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), fc.nat(), fc.nat(255), (bytes, at, value) => {
        const body = Buffer.from(bytes);
        const signature = signatureOf(SECRET, body);
        expect(isSigned([SECRET], body, signature)).to.equal(true);
        const raw = Buffer.from(signature.slice('sha256='.length), 'hex');
        fc.pre(raw[at % raw.length] !== value && body[at % body.length] !== value);
        raw[at % raw.length] = value;
        expect(isSigned([SECRET], body, `sha256=${raw.toString('hex')}`)).to.equal(false);
        body[at % body.length] = value;
        expect(isSigned([SECRET], body, signature)).to.equal(false);
      }),
    );
  });

  it('accepts no other form, and no empty body', () => {
    const hex = EXAMPLE.slice('sha256='.length);
    for (const form of [
      '',
      hex,
      `sha1=${hex}`,
      `sha256=${hex.slice(1)}`,
      `sha256=${hex}0`,
      `x${EXAMPLE}`,
      `sha256=${hex.toUpperCase()}`,
      `${EXAMPLE}\n`,
      `sha256=${'g'.repeat(64)}`,
    ]) {
      expect([form, isSignature(form), isSigned([SECRET], HELLO, form)]).to.deep.equal([form, false, false]);
    }
    expect(isSignature(EXAMPLE)).to.equal(true);
    const ofNothing = `sha256=${createHmac('sha256', SECRET).digest('hex')}`;
    expect(isSigned([SECRET], Buffer.alloc(0), ofNothing)).to.equal(false);
  });
});
