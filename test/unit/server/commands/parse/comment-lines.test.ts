import { expect } from 'chai';
import { Parser } from 'commonmark';
import fc from 'fast-check';

import { commentLines } from '../../../../../server/commands/parse/comment-lines.js';
import { parseComment } from '../../../../../server/commands/verb-table.js';

/** The numbers of the lines that CommonMark's own parser puts into fenced code and HTML comments. */
function hiddenLines(body: string): Set<number> {
  const hidden = new Set<number>();
  for (let node = new Parser().parse(body).firstChild; node; node = node.next) {
    const isComment = node.type === 'html_block' && node.literal?.trimStart().startsWith('<!--');
    if (node.type !== 'code_block' && !isComment) continue;
    const [[first], [last]] = node.sourcepos;
    for (let line = first; line <= last; line++) hidden.add(line);
  }
  return hidden;
}

/** The lines that may be commands. */
function open(body: string): number[] {
  return [...commentLines(body)].flatMap(({ number, skip }) => (skip ? [] : [number]));
}

const LINES = (
  '/build|/build|text|text.||```|````|~~~|``` js|``` `x|~~~ `x|``|~~|  ```|   ~~~|    ```|    text|\t```|```\t|```  |' +
  '``` x|<!--|-->|<!-- x -->|  <!-- x|--> y|<!-->|<!--->|# head|***'
).split('|');

describe('the lines of a comment', () => {
  it('cannot be commands where CommonMark shows fenced code or an HTML comment, and else can', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...LINES), { maxLength: 12 }), (lines) => {
        const body = lines.join('\n');
        const hidden = hiddenLines(body);
        const found = new Set(open(body));
        for (const [i, line] of lines.entries())
          if (line === '/build') expect(found.has(i + 1), `line ${i + 1}`).to.equal(!hidden.has(i + 1));
      }),
      { numRuns: 3000 },
    );
  });

  it('come without markers, with their numbers and why they are skipped', () => {
    const body = 'a\r\n> > b\n\n  - 1. c\r    d\n\t/e\n```\n f\n```\n<!--\ng\n-->\nh';
    expect([...commentLines(body)].filter(({ text }) => /^[/a-h]/.test(text))).to.deep.equal([
      { text: 'a', number: 1 },
      { text: 'b', number: 2, skip: 'quoted' },
      { text: 'c', number: 4, skip: 'in a list' },
      { text: 'd', number: 5, skip: 'indented by four spaces or more' },
      { text: '/e', number: 6, skip: 'indented by four spaces or more' },
      { text: 'f', number: 8, skip: 'in a code block' },
      { text: 'g', number: 11, skip: 'in an HTML comment' },
      { text: 'h', number: 13 },
    ]);
  });

  const shut: [string, string][] = [
    ['an open fence', '```\n\n/build'],
    ['a fence that begins a list item', '- ```\n  x\n/build'],
    ['a fence in a list in a list', '  1. - ~~~\n/build'],
    ['a fence that another mark does not close', '~~~\n```\n/build'],
    ['a fence that a shorter one does not close', '````\n```\n/build'],
    ['a fence that one with a text does not close', '```\n``` x\n/build'],
    ['a fence that one indented by four spaces does not close', '```\n    ```\n/build'],
    ['an open comment', '<!--\n\n/build'],
    ['a comment that begins a list item', '- <!-- x\n\n/build'],
    ['a comment within a paragraph', 'text <!-- x\n/build\n--> text'],
    ['a comment after another one', '<!-- x --> y <!-- z\n/build\n-->'],
    ['a comment after the end of another one', '<!--\nx\n--> y <!-- z\n/build\n-->'],
    ['a fence after a comment that it ends', 'text <!-- x\n```\n<!-- y -->\n/build\n```'],
  ];
  for (const [name, body] of shut) {
    it(`${name} hides a line`, () => {
      expect(open(body)).not.to.include(body.split('\n').indexOf('/build') + 1);
    });
  }

  const clear: [string, string][] = [
    ['a closed fence', '```\n```\n/build'],
    ['a longer closing fence', '```\n`````\t\n/build'],
    ['the closing fence of a list item', '- - ```\n    x\n    ```\n/build'],
    ['a fence in a quote', '> ```\n/build'],
    ['a code span', '``` x ```\n/build'],
    ['two backticks', '``\n/build'],
    ['a fence indented by four spaces', '    ```\n/build'],
    ['a closed comment', '<!-- x -->\n/build'],
    ['an empty comment', '<!-->\n/build'],
    ['a comment that is never closed in its paragraph', 'text <!-- x\n/build\n\n-->'],
    ['code about comments', 'Write `<!--` first.\n/build'],
    ['a comment in a quote', '> <!--\n/build'],
    ['a line separator that is no line end', 'a\u2028```\n/build'],
  ];
  for (const [name, body] of clear) {
    it(`${name} hides no later line`, () => {
      expect(open(body)).to.include(body.split('\n').indexOf('/build') + 1);
    });
  }
});

/**
 * Counts the characters that regular expressions and searches go over while `work` runs: the work that could grow
 * faster than the text.
 */
function charactersRead(work: () => void): number {
  let characters = 0;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called with its own `this`, and put back
  const exec = RegExp.prototype.exec;
  const texts = ['indexOf', 'includes', 'split', 'slice', 'startsWith', 'toLowerCase'] as const;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- likewise
  const originals = texts.map((name) => String.prototype[name] as (...args: unknown[]) => unknown);
  RegExp.prototype.exec = function (text: string): RegExpExecArray | null {
    const from = this.global || this.sticky ? this.lastIndex : 0;
    const match = exec.call(this, text);
    // A sticky one, as `split` makes them, looks at one place only.
    const end = match ? match.index + match[0].length : this.sticky ? from : text.length;
    characters += 1 + end - from;
    return match;
  };
  texts.forEach((name, i) => {
    Object.defineProperty(String.prototype, name, {
      configurable: true,
      writable: true,
      value: function (this: string, ...args: unknown[]): unknown {
        const result = originals[i]!.apply(this, args);
        const from = name === 'indexOf' ? ((args[1] as number | undefined) ?? 0) : 0;
        const to = name === 'indexOf' && (result as number) >= 0 ? (result as number) : this.length;
        characters += name === 'startsWith' ? 1 : 1 + Math.max(0, to - from);
        return result;
      },
    });
  });
  try {
    work();
  } finally {
    RegExp.prototype.exec = exec;
    texts.forEach((name, i) => {
      Object.defineProperty(String.prototype, name, {
        configurable: true,
        writable: true,
        value: originals[i],
      });
    });
  }
  return characters;
}

describe('threat 26: slow pattern', () => {
  const SIZE = 32_768;
  const shapes: Record<string, (n: number) => string> = {
    slashes: (n) => '/'.repeat(n),
    spaces: (n) => ' '.repeat(n) + '/build',
    'spaces in a command': (n) => `/build${' '.repeat(n)}x`,
    dashes: (n) => `/build ${'-'.repeat(n)}`,
    flags: (n) => `/build ${'--force '.repeat(n / 8)}`,
    lines: (n) => '\n'.repeat(n),
    'line ends': (n) => '\r'.repeat(n) + '\n',
    'many commands, all quoted': (n) => '> /build\n'.repeat(n / 9),
    'quotes in quotes': (n) => '>'.repeat(n) + ' x\n/build',
    'spaced quotes in quotes': (n) => '> '.repeat(n / 2) + '\n/build',
    lists: (n) => '- '.repeat(n / 2) + '\n/build',
    'numbered lists': (n) => '1. '.repeat(n / 3) + '\n/build',
    'list of lists': (n) => '- - x\n'.repeat(n / 6),
    fences: (n) => '```\n'.repeat(n / 4),
    'growing fences': (n) => Array.from({ length: Math.sqrt(n) | 0 }, (_, i) => '`'.repeat(i + 3)).join('\n'),
    backticks: (n) => '`'.repeat(n),
    'backtick runs': (n) =>
      Array.from({ length: Math.sqrt(2 * n) | 0 }, (_, i) => '`'.repeat(i + 1)).join(' x\n'),
    'backtick pairs': (n) => 'a ` b\n'.repeat(n / 6),
    escapes: (n) => '\\`'.repeat(n / 2) + '\nx',
    'open comments': (n) => 'x <!-- \n'.repeat(n / 8),
    'comment blocks': (n) => '<!--\n'.repeat(n / 5),
    comments: (n) => 'x <!-- a -->\n'.repeat(n / 13),
    'open tags': (n) => '<a '.repeat(n / 3) + '\n/build',
    'tags with attributes': (n) => `<a ${'b=c '.repeat(n / 4)}\n/build`,
    'tags with spaces': (n) => `<a${' '.repeat(n)}b\n/build`,
    'a tag in each line': (n) => '<a b="c" d=e f>\n'.repeat(n / 16),
    'open pre': (n) => '<pre>\n'.repeat(n / 6),
    'thematic breaks': (n) => '- '.repeat(n / 2) + 'x\n',
    underlines: (n) => 'a\n=\n'.repeat(n / 4),
    emphasis: (n) => '*a_ '.repeat(n / 4),
    brackets: (n) => '['.repeat(n) + '](/build'.repeat(10),
    'zero width': (n) => `/build${'\u200b'.repeat(n)}`,
    'no-break spaces': (n) => `/build${'\u00a0'.repeat(n)}x`,
    tabs: (n) => '\t'.repeat(n) + '/build',
    'skipped commands': (n) => '- /build --force\n'.repeat(n / 17),
    'comments and fences': (n) => 'x <!--\n```\n'.repeat(n / 11),
    'comments in a paragraph': (n) => 'x <!-- \n'.repeat(n / 8) + '-->',
    'digits of a list': (n) => '1'.repeat(n) + '. /build',
    'markers without spaces': (n) => '->'.repeat(n / 2) + '/build',
    text: (n) => 'lorem ipsum /build '.repeat(n / 19),
  };
  for (const [name, shape] of Object.entries(shapes)) {
    it(`${name}: twice the comment is twice the work`, () => {
      const work = (n: number): number => {
        const body = shape(n);
        return charactersRead(() => parseComment(body));
      };
      const small = work(SIZE);
      const large = work(2 * SIZE);
      expect(large).to.be.at.most(2.2 * small + 2000);
      expect(large, 'characters read for each character').to.be.at.most(40 * 2 * SIZE + 2000);
    });
  }
});
