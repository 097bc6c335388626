import { expect } from 'chai';
import { HtmlRenderer, Parser } from 'commonmark';
import fc from 'fast-check';

import { escapeMarkdown, markdownCode, markdownHtml, markdownProse } from '../../../templates/escape.js';
import { linkingText, readMarkdown } from '../../support/markdown-links.js';

const INVISIBLE = /[\u200b\u202e\u2060]/g;
const seen = (text: string): string => text.replace(INVISIBLE, '').replace(/\s+/g, ' ').trim();

describe('threat 61: a text that becomes a link', () => {
  it('GitHub’s rules are what is judged by', () => {
    for (const text of [
      '_www.evil.test',
      'https://evil.test',
      'a www.evil.test',
      'a@evil.test',
      'mailto:a@evil.test',
      '@octocat',
      '#1',
      'GH-1',
      'a/b#1',
      'deadbeef',
      'a/b@1a2b3c4',
    ])
      expect(readMarkdown(text).links, text).not.to.be.empty;
    // A backslash or an entity is too little, where links are looked for once Markdown is parsed.
    for (const text of ['www\\.evil.test', 'a&commat;evil.test', '\\@octocat', '\\#1'])
      expect(readMarkdown(text).links, text).not.to.be.empty;
  });

  for (const text of [
    '_www.evil.test',
    '-www.evil.test, "www.evil.test"',
    'cannot read ~WWW.evil.test/a?b',
    'ftp://evil.test https://evil.test/(a)',
    'mailto:a@evil.test xmpp:a@evil.test/b',
    'a@b@evil.test @org/team a/b#1 GH-1 _GH-1 #1',
    'a/b@1a2b3c4 of 1a2b3c4d5e6f, 1a2b3c4...5d6e7f8',
    'www`\u200b`.evil.test https:`\u2060`//evil.test',
  ])
    it(`no link comes of ${JSON.stringify(text)}`, () => {
      for (const written of [escapeMarkdown(text), markdownProse(text), markdownProse(text, true)])
        expect(readMarkdown(written).links, written).to.deep.equal([]);
    });

  it('no link comes of any text, and it is seen as it was', () => {
    fc.assert(
      fc.property(linkingText, (text) => {
        const written = escapeMarkdown(text);
        const found = readMarkdown(written);
        expect(found.links).to.deep.equal([]);
        expect(seen(found.text)).to.equal(seen(text));
        expect(new HtmlRenderer().render(new Parser().parse(written))).not.to.match(/<(?!\/?p>)/);
      }),
      { numRuns: 1000 },
    );
  });

  it('… in a sentence with code, in bold, in a link and in a list', () => {
    fc.assert(
      fc.property(linkingText, linkingText, (before, after) => {
        const text = `${before}\`${after}\`${before}`;
        expect(readMarkdown(markdownProse(text)).links).to.deep.equal([]);
        const plain = escapeMarkdown(before);
        expect(readMarkdown(`a **${plain}** ${markdownCode(after)} · ${plain}`).links).to.deep.equal([]);
        expect(readMarkdown(`- ${plain} → ${markdownProse(after)}`).links).to.deep.equal([]);
      }),
      { numRuns: 500 },
    );
  });

  it('… inside of an HTML element, where GitHub looks for references', () => {
    fc.assert(
      fc.property(linkingText, (text) => {
        const shown = markdownHtml(text).replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
        // As a tree with one text: nothing in an element is read as Markdown.
        expect(readMarkdown(escapeOnly(shown)).links).to.deep.equal([]);
        expect(seen(shown)).to.equal(seen(text));
      }),
    );
  });
});

/** A text as Markdown, with a backslash before all punctuation. */
function escapeOnly(text: string): string {
  return text.replace(/[!-/:-@[-`{-~]/g, '\\$&');
}
