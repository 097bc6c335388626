import { expect } from 'chai';
import { Parser } from 'commonmark';
import fc from 'fast-check';

import { visibleLines } from '../../../../../server/commands/parse/blocks.js';
import { parseCommands } from '../../../../../server/commands/parse/parse.js';

/** How often `/build` stands alone on a line of the text that CommonMark's own parser makes of a comment. */
function shown(body: string): number {
  let count = 0;
  for (let node = new Parser().parse(body).firstChild; node; node = node.next) {
    if (node.type !== 'paragraph' && node.type !== 'heading') continue;
    let line = '';
    const lines: string[] = [];
    const walker = node.walker();
    for (let step = walker.next(); step; step = walker.next()) {
      if (!step.entering) continue;
      const { type, literal } = step.node;
      if (type === 'text') line += literal ?? '';
      else if (type === 'code' || type === 'html_inline') line += '\0';
      else if (type === 'softbreak' || type === 'linebreak') {
        lines.push(line);
        line = '';
      }
    }
    count += [...lines, line].filter((line) => line.trim() === '/build').length;
  }
  return count;
}

const found = (body: string): number =>
  visibleLines(body).filter(({ text }) => text.trim() === '/build').length;

const LINES = (
  '/build|/build|/build|text|text.|```|````|~~~|``` js|`|``|> |>|> text|> ```|- ```|- |- text|-|* * *|---|--|===|=|1. text|' +
  '2. text|2. ```|1)|10. text|  ```|   ```|    /build|  /build|      text|\t/build|  text|   text||||<!--|-->|<!-- x -->|' +
  'a <!-- b|b --> c|<pre>|</pre>|<div>|</div>|<x>|</x>|<x a="b">|<https://example.com>|# head|#head|> - text|- > text|' +
  '  - text|  > text|`a|b`|\\`|> `|<?|?>|<!X|- - text|+ ~~~|  ~~~|text\\|a`` b|<b>bold</b>|   - text|    - text|     text|' +
  '1.|-     code|> > text|<!-->|<!---->'
).split('|');

describe('lines that people see as text', () => {
  it('are shown as text by CommonMark, whatever stands around them', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...LINES), { minLength: 1, maxLength: 12 }), (lines) => {
        const body = [...lines, '/build'].join('\n');
        expect(found(body)).to.be.at.most(shown(body));
      }),
      { numRuns: 2000 },
    );
  });

  it('are all found where quotes, lists and HTML are closed by an empty line', () => {
    const piece = fc.constantFrom(
      'text',
      'text\ntext',
      '> quote\n> quote',
      '> - a\n> - b',
      '- a\n- b\n  more\n- c',
      '1. a\n2. b\nlazy\n3. c',
      '- [ ] task\n- [x] task',
      '```\ncode\n\n- code\n```',
      '~~~ sh\n$ id\n~~~',
      '    code',
      '<details><summary>log</summary>\n\ntext\n\n</details>',
      '<!-- note -->',
      '<!--\nnote\n\nnote\n-->',
      '# Heading',
      'Heading\n---',
      '---',
      '| a | b |\n|---|---|\n| 1 | 2 |',
      '`code` and `code`',
      '<https://example.com>',
      'https://example.com/build',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
        expect(found([...pieces, '/build'].join('\n\n'))).to.equal(1);
      }),
      { numRuns: 500 },
    );
  });

  it('come with their numbers', () => {
    expect(visibleLines('a\r\n> b\n\nc')).to.deep.equal([
      { text: 'a', number: 1 },
      { text: 'c', number: 4 },
    ]);
  });
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
    text: (n) => 'lorem ipsum /build '.repeat(n / 19),
  };
  for (const [name, shape] of Object.entries(shapes)) {
    it(`${name}: twice the comment is twice the work`, () => {
      const work = (n: number): number => {
        const body = shape(n);
        return charactersRead(() => parseCommands(body));
      };
      const small = work(SIZE);
      const large = work(2 * SIZE);
      expect(large).to.be.at.most(2.2 * small + 2000);
      expect(large, 'characters read for each character').to.be.at.most(40 * 2 * SIZE + 2000);
    });
  }
});
