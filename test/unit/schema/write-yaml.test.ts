import { expect } from 'chai';
import fc from 'fast-check';

import { readDocument } from '../../../schema/document.js';
import { Source } from '../../../schema/source.js';
import { toValue } from '../../../schema/tree.js';
import { writeYaml, yamlText, type IsFlow } from '../../../schema/write-yaml.js';
import { generated, pyYaml, reference, SEEDS, type ReadYaml } from '../../support/reference.js';

/** What one reader or another takes for something else than this text where it has no quotes. */
const AWKWARD = [
  ...'- ? : ~ = << ! & * | > % @ ` " # , [] {} \' \\ a\\ \\n %YAML --- ... . .. -- _1'.split(' '),
  ...'y N yes No on OFF true False null Null NULL nan .nan .inf -.INF'.split(' '),
  ...'08 017 0o17 0x1F 0x_ 0b1 1e3 e5 1e+3 .5 5. 1_000 +1 -1 1.2.3 1:30 190:20:30.15 2001-01-01'.split(' '),
  ..."a?b ?a a? :a a: a:b :: a,b [a a] {a a} a#b !!str {{inputs.parameters.x}} $(a) it's é 日本語 👩‍💻".split(
    ' ',
  ),
  ...'http://x/y.zip?raw=true DATA_URL=https://data.example.com/x.zip?raw=true 2001-12-14t21:59:43.10-05:00'.split(
    ' ',
  ),
  ...[
    '',
    ' ',
    'a ',
    ' a',
    'a  b',
    '? a',
    'a ?',
    ': a',
    'a: b',
    'a :b',
    '- a',
    '--- a',
    'a #b',
    '!!str a',
    '%YAML 1.1',
  ],
  ...['a\tb', '\ta', 'a\t', 'a\t#b', 'a\0b', 'a\x1bb', 'a\x7fb', 'a\x80b', 'a\u0085b', 'a\u00a0b', '\u00a0'],
  ...[
    'a\u2028b',
    'a\u2029b',
    '\ufeffa',
    'a\ufeff',
    'a\ufffeb',
    'a\uffffb',
    'a\rb',
    'a\r\nb',
    'a\n\u2028b',
    '\n',
  ],
  ...['a\nb', 'a\nb\n', 'a\n\nb', 'a\n\n', '\na', ' a\nb', 'a\n b', 'a \nb', 'a\n\tb', 'a\n \nb', 'a\nb '],
  ...[
    'a\n---\nb',
    'a\n...\nb',
    'a\n# b\n',
    'a: b\nc: d\n',
    '#!/bin/sh\nset -e\n\techo "$1"\n',
    'a\n%b',
    'no\n',
  ],
  ...['x'.repeat(1024), 'x'.repeat(1025), `${'x '.repeat(600)}?`, '1'.repeat(1100)],
];

/** Characters that mean something somewhere in YAML. */
const SIGNS = Array.from('ayn0.1e_-+:?,#[]{}&*!|>\'"%@`~=<\\/ \t\n\r\u0085\u2028\ufeff\u00a0é');

const TEXT = fc.oneof(
  fc.constantFrom(...AWKWARD),
  fc.string({ unit: fc.constantFrom(...SIGNS) }),
  fc.string({ unit: 'binary' }),
  fc.array(fc.constantFrom(...AWKWARD), { maxLength: 3 }).map((parts) => parts.join('')),
);

const VALUE = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    TEXT,
    fc.oneof(
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n + 0),
      fc.boolean(),
    ),
    fc.constantFrom(null, 1e21, 1e-7, 1.5e300, 2 ** 53),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(
      TEXT.filter((key) => key !== ''),
      tie('value'),
      { maxKeys: 4, noNullPrototype: true },
    ),
  ),
})).value;

/** A text in each of the places that a workflow or the settings have for one, in blocks and between brackets. */
function everywhere(text: string): unknown {
  const places = { value: text, list: [text, [text]], key: { [text || 'empty']: text }, last: text };
  return { blocks: places, flow: [places] };
}

const flowBelow: IsFlow = (_, parent, key) => key === 'flow' && !Array.isArray(parent);

function readByKfops(yaml: string): ReadYaml {
  const { tree, diagnostics } = readDocument(new Source('written.yaml', yaml));
  const error = diagnostics[0]?.message;
  return error === undefined ? { json: tree && toValue(tree) } : { error };
}

/**
 * What no configuration may have, however it is written: control characters, `{{`, numbers that lose digits, and the
 * keys that JavaScript reads otherwise.
 */
function isRefused(value: unknown): boolean {
  return /\{\{|\\u00|\\[bf]|[\x7f-\x9f]|\d{16}|\de\+|"(?:__proto__|constructor|prototype)":/.test(
    JSON.stringify(value),
  );
}

interface Reader {
  readonly read: (texts: readonly string[]) => Promise<readonly ReadYaml[]>;
  readonly refuses?: (value: unknown) => boolean;
  readonly end?: () => void;
}

const READERS: Readonly<Record<string, (context: Mocha.Context) => Reader>> = {
  Go: (context) => {
    const program = reference(context);
    return {
      read: (texts) => program.yaml(texts),
      end: () => {
        program.remove();
      },
    };
  },
  PyYAML: (context) => ({ read: pyYaml(context) }),
  Kfops: () => ({ read: (texts) => Promise.resolve(texts.map(readByKfops)), refuses: isRefused }),
};

describe('writeYaml', () => {
  for (const [name, open] of Object.entries(READERS)) {
    describe(`read by ${name}`, () => {
      let reader: ReturnType<typeof open> | undefined;
      before(function () {
        this.timeout(600_000);
        reader = open(this);
      });
      after(() => reader?.end?.());

      const expectSame = async (all: readonly unknown[]): Promise<void> => {
        const values = all.filter((value) => reader?.refuses?.(value) !== true);
        const texts = values.map((value) => writeYaml(value, flowBelow));
        const read = (await reader?.read(texts)) ?? [];
        for (const [i, value] of values.entries())
          expect(read[i], texts[i]?.slice(0, 500)).to.deep.equal({ json: value });
      };

      it('gives back the awkward texts, in every place', () => expectSame(AWKWARD.map(everywhere)));

      for (const seed of SEEDS) {
        it(`gives back generated texts, in every place (seed ${seed})`, () =>
          expectSame(generated(TEXT, seed).map(everywhere)));

        it(`gives back generated values (seed ${seed})`, () => expectSame(generated(VALUE, seed)));
      }
    });
  }

  it('quotes only what has to be', () => {
    for (const text of ['a', 'a b', 'registry.example:5000/a@sha256:0', '/kfops/out', 'a=b', 'Iris (2)'])
      expect(yamlText(text)).to.equal(text);
  });

  it('writes half of a surrogate pair as UTF-8 has it', () => {
    expect(yamlText('a\ud800b')).to.equal("'a\ufffdb'");
  });
});
