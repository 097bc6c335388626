import { expect } from 'chai';

import { quoteOutput } from '../../../schema/quote.js';
import { sentence } from '../../../schema/sentence.js';

describe('another program’s output', () => {
  it('is on lines of its own, word for word, and can be copied', () => {
    const said =
      "fatal: dubious ownership in '/a'\nTo add it, call:\n\n\tgit config --add safe.directory /a\n";
    const message = quoteOutput('git refuses /a', said);
    expect(message.split('\n')).to.deep.equal([
      'git refuses /a:',
      "  fatal: dubious ownership in '/a'",
      '  To add it, call:',
      '',
      '      git config --add safe.directory /a',
    ]);
    expect(sentence(message)).to.equal(`G${message.slice(1)}`);
  });

  it('moves no cursor', () => {
    expect(quoteOutput('git failed', 'a\x1b[2Jb\rc')).to.equal('git failed:\n  a [2Jb c');
  });

  it('is left out where there is none', () => {
    for (const nothing of ['', '\n', '  \r\n\t'])
      expect(sentence(quoteOutput('git failed', nothing))).to.equal('Git failed.');
  });

  it('is shown with its end where it is long', () => {
    const lines = Array.from({ length: 100 }, (_, i) => `line ${i}`);
    const shown = quoteOutput('it failed', lines.join('\r\n')).split('\n');
    expect(shown).to.have.length(21);
    expect(shown.at(-1)).to.equal('  line 99');
    expect(quoteOutput('it failed', 'x'.repeat(100_000)).length).to.be.below(5000);
  });

  it('is no sentence, and gets no full stop; the clause before it does', () => {
    expect(sentence('it failed\n  because')).to.equal('It failed.\n  because');
  });
});
