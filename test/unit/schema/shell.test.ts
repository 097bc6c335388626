import { expect } from 'chai';

import { shellQuote } from '../../../schema/shell.js';

describe('schema/shell', () => {
  it('quotes what a shell would read otherwise, and nothing else', () => {
    expect(shellQuote('docker-config')).to.equal('docker-config');
    expect(shellQuote('a b')).to.equal("'a b'");
    expect(shellQuote("x'; rm -rf ~; '")).to.equal("'x'\\''; rm -rf ~; '\\'''");
    expect(shellQuote('$(id)')).to.equal("'$(id)'");
    expect(shellQuote('')).to.equal("''");
  });
});
