import { expect } from 'chai';
import fc from 'fast-check';

import { escapeMarkdown, escapeTerminal, markdownCode, markdownUrl } from '../../../templates/escape.js';

describe('templates/escape', () => {
  it('escapeTerminal shows what would act on a terminal', () => {
    expect(escapeTerminal('a\u001b[2Jb\r\n\tc\u202ed\u009be')).to.equal('a\\x1b[2Jb\\x0d\\n\\tc\\u202ed\\x9be');
    expect(escapeTerminal('größe → 漢字 🚀')).to.equal('größe → 漢字 🚀');
  });

  it('escapeTerminal leaves no control character of any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        // eslint-disable-next-line no-control-regex -- these are the characters it is for
        expect(escapeTerminal(text)).not.to.match(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
      }),
    );
  });

  const markdown: readonly (readonly [text: string, escaped: string])[] = [
    ['plain-name.v1/x', 'plain-name.v1/x'],
    ['a_b *c* `d`', 'a\\_b \\*c\\* \\`d\\`'],
    ['[x](javascript:alert(1))', '\\[x\\](javascript:alert(1))'],
    ['<img src=x onerror=y> &lt;', '\\<img src=x onerror=y\\> \\&lt;'],
    ['a | b', 'a \\| b'],
    ['# head', '\\# head'],
    ['- item', '\\- item'],
    ['1. item', '1\\. item'],
    ['=== x', '\\=== x'],
    ['> quote', '\\> quote'],
    ['two\nlines\r\n\r\n# three', 'two lines \\# three'],
    ['https://evil.example www.evil.example', 'https:\u200b//evil.example www\u200b.evil.example'],
    ['@org/team', '@\u200borg/team'],
    ['{{workflow.name}}', '\\{\\{workflow.name\\}\\}'],
    ['~~gone~~', '\\~\\~gone\\~\\~'],
    ['back\\slash', 'back\\\\slash'],
    ['\u202eevil\u0000', 'evil'],
  ];
  for (const [text, escaped] of markdown) {
    it(`escapeMarkdown ${JSON.stringify(text)}`, () => {
      expect(escapeMarkdown(text)).to.equal(escaped);
    });
  }

  it('markdownCode fences text that holds backticks', () => {
    expect(markdownCode('a')).to.equal('`a`');
    expect(markdownCode('')).to.equal('');
    expect(markdownCode('a``b')).to.equal('``` a``b ```');
    expect(markdownCode('a\n\n# b | c')).to.equal('`a # b \\| c`');
  });

  it('markdownCode: no text ends its own fence', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('`', 'a', ' ', '\n', '|') }), (text) => {
        const code = markdownCode(text);
        if (code === '') return;
        const fence = /^`+/.exec(code)![0];
        const inner = code.slice(fence.length, -fence.length);
        expect(code.endsWith(fence)).to.be.true;
        for (const [run] of inner.matchAll(/`+/g)) expect(run.length).to.be.below(fence.length);
      }),
    );
  });

  it('markdownUrl takes http and https, and cannot be left', () => {
    expect(markdownUrl('https://github.com/a/b_c')).to.equal('https://github.com/a/b_c');
    expect(markdownUrl('https://x.example/a) [evil](https://y')).to.match(/^https:\/\/x\.example\/[^()[\] ]*$/);
    expect(markdownUrl('javascript:alert(1)')).to.equal('');
    expect(markdownUrl('not a url')).to.equal('');
  });
});
