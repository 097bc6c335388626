import { expect } from 'chai';

import { DIGEST_PATTERN, isDigest } from '../../../schema/digest.js';

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;

describe('isDigest', () => {
  it('takes sha256: and 64 hexadecimal digits', () => {
    expect(isDigest(DIGEST)).to.equal(true);
  });

  for (const [what, text] of Object.entries({
    'text before it': `x${DIGEST}`,
    'text after it': `${DIGEST}x`,
    'a line before it': `x\n${DIGEST}`,
    'a line after it': `${DIGEST}\nx`,
    'an empty line after it': `${DIGEST}\n`,
    'a space before it': ` ${DIGEST}`,
    'a digit less': DIGEST.slice(0, -1),
    'upper case': DIGEST.toUpperCase(),
    'another algorithm': DIGEST.replace('sha256', 'sha512'),
    nothing: '',
  }))
    it(`refuses ${what}`, () => {
      expect(isDigest(text)).to.equal(false);
    });

  it('has both ends in the pattern that Argo is given', () => {
    expect(DIGEST_PATTERN).to.match(/^\^.*\$$/);
  });
});
