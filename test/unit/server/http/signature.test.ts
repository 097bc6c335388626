import { createHmac } from 'node:crypto';

import { expect } from 'chai';
import fc from 'fast-check';

import { isSignature, isSigned } from '../../../../server/http/signature.js';
import { signatureOf } from '../../../support/webhook.js';

const EXAMPLE = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17';
const SECRET = "It's a Secret to Everybody";
const HELLO = Buffer.from('Hello, World!');

describe('threat 1: signatures', () => {
  it("verifies GitHub's documented example, with any of the secrets", async () => {
    expect(await isSigned([SECRET], HELLO, EXAMPLE)).to.equal(true);
    expect(await isSigned(['other', SECRET], HELLO, EXAMPLE)).to.equal(true);
    expect(await isSigned([SECRET, 'other'], HELLO, EXAMPLE)).to.equal(true);
    expect(await isSigned(['other'], HELLO, EXAMPLE)).to.equal(false);
    expect(await isSigned([], HELLO, EXAMPLE)).to.equal(false);
  });

  it('accepts no other signature, whatever bit of it or of the body is changed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ minLength: 1 }), fc.nat(), fc.nat(255), async (text, at, value) => {
        const body = Buffer.from(text);
        const signature = signatureOf(SECRET, body);
        expect(await isSigned([SECRET], body, signature)).to.equal(true);
        const raw = Buffer.from(signature.slice('sha256='.length), 'hex');
        fc.pre(raw[at % raw.length] !== value && body[at % body.length] !== value);
        raw[at % raw.length] = value;
        expect(await isSigned([SECRET], body, `sha256=${raw.toString('hex')}`)).to.equal(false);
        body[at % body.length] = value;
        expect(await isSigned([SECRET], body, signature)).to.equal(false);
      }),
    );
  });

  it('accepts no other form, no empty body, and none that is not UTF-8', async () => {
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
      expect([form, isSignature(form), await isSigned([SECRET], HELLO, form)]).to.deep.equal([
        form,
        false,
        false,
      ]);
    }
    expect(isSignature(EXAMPLE)).to.equal(true);
    const ofNothing = `sha256=${createHmac('sha256', SECRET).digest('hex')}`;
    expect(await isSigned([SECRET], Buffer.alloc(0), ofNothing)).to.equal(false);
    // U+FFFD is what a byte that isn't UTF-8 reads as.
    const ofReplacement = signatureOf(SECRET, Buffer.from('\ufffd'));
    expect(await isSigned([SECRET], Buffer.from([0xff]), ofReplacement)).to.equal(false);
  });
});
