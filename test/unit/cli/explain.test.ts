import { expect } from 'chai';

import { main } from '../../../cli/main.js';
import { DIAGNOSTIC_CODES } from '../../../schema/codes.js';
import { fakeIo } from './fake-io.js';

describe('kfops explain', () => {
  it('has something to say about every code, and nothing of the next one', async () => {
    for (const code of Object.keys(DIAGNOSTIC_CODES)) {
      const io = fakeIo();
      expect(await main(['explain', code], io), code).to.equal(0);
      expect(io.out(), code).to.match(new RegExp(`^${code}\n\n.{20}`, 's'));
      expect(io.out(), code).not.to.match(/^#/m);
    }
  });

  it('takes a code as people type it, and knows what was meant', async () => {
    const [lower, typo] = [fakeIo(), fakeIo()];
    expect(await main(['explain', 'folder_missing'], lower)).to.equal(0);
    expect(await main(['explain', 'FOLDER_MISING'], typo)).to.equal(2);
    expect(typo.err()).to.include('Did you mean `FOLDER_MISSING`?');
  });
});
