import { expect } from 'chai';
import * as fc from 'fast-check';

import { ConfigError, parseConfig, parseKanikoManifest, parseSettings } from '../../../schema/index.js';
import { readDocument } from '../../../schema/document.js';
import { Source } from '../../../schema/source.js';
import { toValue } from '../../../schema/tree.js';

function read(text: string): { value: unknown; codes: string[]; messages: string } {
  const { tree, diagnostics } = readDocument(new Source('file.yaml', text));
  return {
    value: tree && toValue(tree),
    codes: diagnostics.map((d) => d.code),
    messages: diagnostics.map((d) => d.message).join('\n'),
  };
}

describe('reading YAML', () => {
  const values: [string, unknown][] = [
    ['yes', true],
    ['Off', false],
    ['y', 'y'],
    ['n', 'n'],
    ['017', 15],
    ['0o17', '0o17'],
    ['1:30', 90],
    ['"1:30"', '1:30'],
    ['1_000', 1000],
    ['1e-4', '1e-4'],
    ['1.0e-4', 0.0001],
    ['08', '08'],
    ['e5', 'e5'],
    ['1e20', '1e20'],
    ['-.5', '-.5'],
    ['1:30.5', 90.5],
    ['! "12"', 12],
    ['!!int 012', 10],
    ['1.', 1],
    ['.5', 0.5],
    ['.', '.'],
    ['2024-01-31', '2024-01-31'],
    ['~', null],
    ['!!str 12', '12'],
  ];
  for (const [text, value] of values) {
    it(`reads ${text} as PyYAML does`, () => {
      expect(read(`a: ${text}`)).to.deep.include({ value: { a: value }, codes: [] });
    });
  }

  it('keeps keys as they are written', () => {
    expect(read('on: 1\n1: 2\ny: 3\nnull: 4').value).to.deep.equal({ on: 1, '1': 2, y: 3, null: 4 });
  });

  it('merges maps: own keys win, then the first of a list', () => {
    const text =
      'x: &x {a: 1, b: 2}\ny: &y {b: 3, c: 4}\nz:\n  <<: [*x, *y]\n  a: 9\nw: {<<: *y}\n"<<": text';
    expect(read(text).value).to.deep.include({ z: { a: 9, b: 2, c: 4 }, w: { b: 3, c: 4 }, '<<': 'text' });
  });

  const laughs = ['a: &a [x,x,x,x,x,x,x,x,x]'];
  for (const name of 'bcdefghi') {
    const previous = String.fromCharCode(name.charCodeAt(0) - 1);
    laughs.push(`${name}: &${name} [${Array(9).fill(`*${previous}`).join(',')}]`);
  }
  const refused: [string, string, string, string?][] = [
    ['aliases that multiply', laughs.join('\n'), 'YAML_LIMIT'],
    ['an alias inside itself', 'a: &a [*a]', 'YAML_LIMIT'],
    ['5,000 brackets', '['.repeat(5000), 'YAML_LIMIT'],
    ['a million brackets', '['.repeat(1_000_000), 'YAML_LIMIT'],
    ['100,000 dashes', '- '.repeat(100_000), 'YAML_LIMIT'],
    [
      'deep indentation',
      Array.from({ length: 1400 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'),
      'YAML_LIMIT',
    ],
    ['too many values', `a: [${'1,'.repeat(300_000)}]`, 'YAML_LIMIT'],
    ['more than 1 MiB', `a: ${'x'.repeat(1024 * 1024)}`, 'YAML_LIMIT'],
    ['a duplicate key', 'a: 1\nb: 2\na: 3', 'YAML_SYNTAX', 'Duplicate key `a`'],
    ['an unknown tag', 'a: !python/object:os.system x', 'YAML_SYNTAX', 'tag'],
    ['two documents', 'a: 1\n---\nb: 2', 'YAML_SYNTAX', 'more than one'],
    ['tabs', 'a:\n\tb: 1', 'YAML_SYNTAX', 'Tabs'],
    ['an alias to nothing', 'a: *nothing', 'YAML_SYNTAX', '&nothing'],
    ['a key that is a list', '? [a]\n: 1', 'YAML_SYNTAX', 'key'],
    ['a merge of a text', '<<: text', 'YAML_SYNTAX', 'merge'],
    ['__proto__', 'a: {__proto__: {x: 1}}', 'UNKNOWN_KEY', '__proto__'],
    [
      'constructor by a merge key',
      'a: {<<: {constructor: {prototype: {x: 1}}}}',
      'UNKNOWN_KEY',
      'constructor',
    ],
    ['a tag of Argo', 'a: "{{workflow.name}}"', 'TEMPLATE_TAG'],
    ['a tag of Argo without quotes', 'a: {{workflow.name}}', 'TEMPLATE_TAG'],
    ['a tag of Argo by escapes', 'a: "\\x7b\\u007b=x}}"', 'TEMPLATE_TAG'],
    ['a tag of Argo in a key', '"{{a": 1', 'TEMPLATE_TAG'],
    ['a tag of Argo over two lines', 'a: |\n  x\n  {{y', 'TEMPLATE_TAG'],
    ['NUL', 'a: "x\\0"', 'WRONG_VALUE', 'U+0000'],
    ['ESC', 'a: "\\e[31m"', 'WRONG_VALUE', 'U+001B'],
    ['half a surrogate pair', 'a: "\\ud800"', 'WRONG_VALUE', 'U+D800'],
    ['a text that is not what its tag says', 'a: !!int x', 'YAML_SYNTAX', '!!int'],
    ['a quote that is not closed', "a: 'it''", 'YAML_SYNTAX', 'closing'],
  ];
  for (const [what, text, code, part = ''] of refused) {
    it(`refuses ${what}`, () => {
      const { codes, messages } = read(text);
      expect(codes).to.include(code);
      expect(messages).to.include(part);
      expect(({} as { x?: number }).x).to.equal(undefined);
    });
  }

  it('takes }} alone, line ends of Windows and a byte order mark', () => {
    expect(read('\uFEFFa: "}}"\r\nb: \'{"x":{}}\'\r\n')).to.deep.include({
      value: { a: '}}', b: '{"x":{}}' },
      codes: [],
    });
  });

  it('points at the place, with the line', () => {
    const { diagnostics } = readDocument(new Source('f.yaml', 'a: 1\r\nb: "{{x}}"\r\n'));
    expect(diagnostics[0]).to.include({
      file: 'f.yaml',
      line: 2,
      column: 4,
      length: 7,
      excerpt: 'b: "{{x}}"',
    });
  });

  it('never fails with anything but ConfigError', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '- ',
        ': ',
        '? ',
        '[',
        ']',
        '{',
        '}',
        '\n',
        '  ',
        '&a ',
        '*a',
        '<<: ',
        '!!map ',
        '"',
        "'",
        '|\n',
        '#',
        ',',
        '---\n',
      ),
      fc.constantFrom(
        'repository',
        'image_builder',
        'images',
        'pipeline',
        'spec',
        'containers',
        'name',
        'minio',
        '{{',
        'null',
      ),
      fc.string({ maxLength: 4, unit: 'binary' }),
    );
    const parsers = [parseConfig, parseSettings, parseKanikoManifest];
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), fc.constantFrom(...parsers), (pieces, parse) => {
        try {
          parse(pieces.join(''), { file: 'f' });
        } catch (error) {
          if (!(error instanceof ConfigError)) throw error;
          expect(error.diagnostics.some((d) => d.severity === 'error')).to.equal(true);
          for (const d of error.diagnostics) expect(d.line).to.be.at.least(1);
        }
      }),
      { numRuns: 500 },
    );
  });
});
