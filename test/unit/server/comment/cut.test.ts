import { expect } from 'chai';
import fc from 'fast-check';
import { fromMarkdown } from 'mdast-util-from-markdown';

import { cutMarkdown, cutText, lastLines } from '../../../../server/comment/cut.js';
import { escapeMarkdown, markdownFence, markdownHtml } from '../../../../templates/escape.js';

const CUT = '… truncated: too long for a comment.';
/** Room for the notice, with the empty line before it. */
const NOTICE = CUT.length + 2;
const emoji = fc.string({ unit: fc.constantFrom('a', '😀', '\n', '\ud83d', '\ude00') });

describe('cutText', () => {
  it('keeps what fits, and marks where the rest was cut', () => {
    expect(cutText('four', 4)).to.equal('four');
    expect(cutText('four', 3)).to.equal('fo…');
    expect(cutText('four', 1)).to.equal('…');
    expect(cutText('four', 0)).to.equal('…');
  });

  it('never leaves half a character', () => {
    expect(cutText('a\ud83d', 5)).to.equal('a\ufffd');
    fc.assert(
      fc.property(emoji, fc.integer({ min: 1, max: 20 }), (text, max) => {
        const cut = cutText(text, max);
        expect(cut).not.to.match(/\p{Surrogate}/u);
        expect(cut.length).to.be.at.most(max);
      }),
    );
  });
});

describe('lastLines', () => {
  it('are the last ones that are written on, each cut to the length', () => {
    expect(lastLines('one\ntwo  \n  three and more\n\n \n', 2, 8)).to.equal('two\n  three…');
    expect(lastLines('one\ntwo', 5, 8)).to.equal('one\ntwo');
  });

  it('have no colours', () => {
    expect(lastLines('\u001b[31mred\u001b[0m', 1, 3)).to.equal('red');
  });
});

describe('cutMarkdown', () => {
  const fold = (summary: string, inside: string): string =>
    `<details>\n<summary>${markdownHtml(summary)}</summary>\n\n${inside}\n\n</details>`;
  const line = fc.constantFrom('a', 'b c', '```', '````', '``` x', '<details>', '</details>', ' ```', '');
  const lines = fc.array(line, { maxLength: 6 }).map((all) => all.join('\n'));
  const fence = fc.tuple(lines, fc.constantFrom('', 'mermaid')).map((all) => markdownFence(...all));
  const { block } = fc.letrec<{ block: string; fold: string }>((tie) => ({
    block: fc.oneof({ maxDepth: 3 }, lines.map(escapeMarkdown), fence, tie('fold')),
    fold: fc
      .tuple(lines, fc.array(tie('block'), { minLength: 1, maxLength: 2 }))
      .map(([summary, inside]) => fold(summary, inside.join('\n\n'))),
  }));
  const markdown = fc.array(block, { minLength: 1, maxLength: 4 }).map((blocks) => blocks.join('\n\n'));

  it('keeps what fits as it is, but for half characters', () => {
    expect(cutMarkdown('four', 4)).to.equal('four');
    expect(cutMarkdown('fou\ud83d', 4)).to.equal('fou\ufffd');
    expect(cutMarkdown(`\ud83d\n${'b'.repeat(NOTICE + 1)}`, 2 + NOTICE)).to.equal(`\ufffd\n\n${CUT}`);
  });

  it('keeps as many lines as there is room for, and says that there were more', () => {
    const text = Array(20).fill('123456789').join('\n');
    expect(cutMarkdown(text, 30 + NOTICE)).to.equal(`123456789\n123456789\n123456789\n\n${CUT}`);
    expect(cutMarkdown(text, 29 + NOTICE)).to.equal(`123456789\n123456789\n\n${CUT}`);
  });

  it('counts what closes a block of code and what is folded', () => {
    const text = `${fold('s', '````\na\nb\n````')}\n${'c'.repeat(NOTICE)}`;
    const kept = '<details>\n<summary>s</summary>\n\n````\na\n````\n\n</details>';
    expect(cutMarkdown(text, kept.length + 1 + NOTICE)).to.equal(`${kept}\n\n${CUT}`);
    expect(cutMarkdown(text, kept.length + NOTICE)).to.equal(`${kept.replace('\na', '')}\n\n${CUT}`);
  });

  it('closes what is open where it was cut: the notice is neither code nor folded', () => {
    fc.assert(
      fc.property(markdown, fc.integer({ min: NOTICE, max: 150 }), (whole, max) => {
        fc.pre(whole.length > max);
        const cut = cutMarkdown(whole, max);
        expect(cut.length).to.be.at.most(max);
        const { children } = fromMarkdown(cut);
        expect(children.at(-1)).to.have.nested.property('children[0].value').that.includes(CUT);
        const html = children.map((node) => (node.type === 'html' ? node.value : '')).join('\n');
        expect(html.split('</details>').length, cut).to.equal(html.split('<details>').length);
      }),
      { numRuns: 1000 },
    );
  });
});
