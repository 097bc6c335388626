import { posix } from 'node:path';

import { expect } from 'chai';
import fc from 'fast-check';

import { ignoreFilter, parseDockerignore } from '../../../../generator/contexts/dockerignore.js';
import { StepBudget } from '../../../../generator/contexts/glob.js';
import {
  generated,
  reference,
  SEEDS,
  type IgnoreAnswer,
  type Reference,
} from '../../../support/reference.js';

interface Question {
  readonly file: string;
  readonly paths: readonly string[];
}

/** Files, sorted, that most of the patterns below match some of. */
const PATHS = (
  '- -x ...a .a .dockerignore ] ]x ^a a a* a-test.py a.b a/b a/b/c a/b.txt a/bc a/x-test.py a0 a[ a\\ a] aa ab ab/c abc ' +
  'b b-test.py b/.a b/a b/a.b c/]/a c/a-/b data/1 data/- data/9x data/x x x-test.py x/a/b/c x_test.py y z/a é é/a 日 😀'
).split(' ');

const FILES = [
  ...[
    '',
    '\n',
    '#',
    '# a\na',
    ' # a',
    '\ufeffa',
    '\ufeff# a\nb',
    'a\r\nb\r\n',
    'a\r',
    '\r\n',
    '\u00a0a\u3000',
    '\ta\t',
  ],
  ...[
    '/',
    './',
    '.',
    '..',
    '../a',
    '/a',
    '//a',
    '/./a',
    'a/../b',
    '/..',
    'a/',
    './a/',
    'a//b',
    '/ a',
    '/!a',
    '*\n./!a',
  ],
  ...[
    '!',
    ' ! ',
    '!a',
    '! a',
    '!!a',
    '*\n!a',
    '*\n!/a',
    '*\n!.',
    '*\n!..',
    '*\n! ./a ',
    '**\n!a/b',
    'a\n!a/b\na/b/c',
    '/!',
  ],
  ...[
    '*',
    '**',
    '***',
    '****',
    '*/',
    '*/*',
    '**/*',
    '**/**',
    'a**',
    'a/**',
    '**a',
    '**/a',
    '**/a/**',
    'a/**/b',
    'a**b',
    '**.a',
  ],
  ...[
    '?',
    '??',
    'a?',
    '*.?',
    '\\a*',
    'a\\*',
    '\\',
    'a\\',
    '**/a\\',
    '*/\\',
    '**\\*',
    '**]',
    '\\[',
    '\\]*',
    'a\\\\',
    '\\#a',
  ],
  ...[
    '[',
    '[]',
    '[]a]',
    '[a',
    '[a]',
    '[^a]*',
    '[^]',
    '[^]a]*',
    '[-]',
    '[-a]',
    '[a-]',
    '[a-c]',
    '[c-a]',
    '[a-b-c]',
    '[\\]a]',
  ],
  ...[
    '**/*[-_]test.py\ndata/*[0-9-]',
    '*/[-a]',
    '*/[]]',
    '*/[]a]',
    '*/[^]]',
    '*/[^-]',
    'x/[a-',
    'b/[c-a]',
    '.*[-a]',
    '?*[-a]',
  ],
  ...[
    '.*.*[-a]',
    '[.]*[-a]',
    '*[a-]',
    'a*[a-]',
    'a*[a-b-c]',
    'a*[--0]',
    'a*[',
    'a*[]',
    'a*[^',
    'a*\\',
    '[[]*',
    '[!a]*',
    '[a/]*',
  ],
  ...[
    '[\\a-\\c]',
    '[\\-]*',
    '[\\^]*',
    '[a^]*',
    '[.]a',
    '[a-z]/[a-z]',
    '[😀]',
    '[a-日]',
    '(a)*',
    '*.+',
    'a$*',
    '*$',
    ']*',
    'é*',
  ],
  ...[
    `#${'a'.repeat(65534)}\nb`,
    `#${'a'.repeat(65535)}\nb`,
    'a'.repeat(65535),
    'a'.repeat(65536),
    'é'.repeat(40000),
  ],
];

/** What moby's regular expressions take for something else than Go's rules say; {@link DIFFERENCES} has each. */
const DIFFERENT = /[\^|{}]|\\(?:[A-Za-z0-9\x80-\uffff]|$)|\[[^\]]*[*?[]|^!\.*$/mu;

/** As moby reads them: trimmed as Go does it, and with `a/..` and the last `/` gone. */
function isDifferent(file: string): boolean {
  const rules = file.split('\n').map((line) => {
    const [, sign = '', path = ''] = /^[\s\x85]*(!?)[\s\x85]*(.*?)[\s\x85]*$/u.exec(line) ?? [];
    return sign + posix.normalize(path).replace(/\/$/, '');
  });
  return DIFFERENT.test([file, ...rules].join('\n'));
}

/** The deliberate differences of docs/contexts.md: which of some paths are left out here, and by Docker. */
const DIFFERENCES: readonly (readonly [file: string, paths: string, here: string, docker: string])[] = [
  ['*^a', 'a ^a', '^a', 'a'],
  ['a|b*', 'a a|bc bc', 'a|bc', 'a a|bc bc'],
  ['a{2}*', 'aab a{2}b', 'a{2}b', 'aab'],
  ['*\\d', '1 d', 'd', '1'],
  ['*\\y', '1 y', 'y', 'refused'],
  ['*\\é', '1 é', 'é', 'refused'],
  ['[\\d]', '1 d', 'd', '1'],
  ['[?]', '? ^]', '?', '^]'],
  ['[*]', '* a *]', '*', ''],
  ['[[:alpha:]]', 'a a] b', 'a]', 'a b'],
  ['a*\\', 'a ab', 'refused', ''],
  ['a\n!/', 'a b', 'a', 'refused'],
];

const part = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('a', 'b', 'x', '.', '-', 'é', 'test.py', 'data') },
  { weight: 3, arbitrary: fc.constantFrom('*', '**', '?', '/', '**/', '../', './') },
  {
    weight: 2,
    arbitrary: fc.constantFrom('[a-c]', '[-_]', '[0-9-]', '[]a]', '[', ']', '[^a]', '\\', '\\*', '\\['),
  },
  { weight: 1, arbitrary: fc.constantFrom(' ', '\t', '!', '#', '$', '+', '(', '\u0085') },
);
const line = fc
  .tuple(fc.constantFrom('', '', '', '!', '/', ' ', '#'), fc.array(part, { minLength: 1, maxLength: 6 }))
  .map(([start, parts]) => start + parts.join(''));
const question: fc.Arbitrary<Question> = fc.record({
  file: fc
    .tuple(
      fc.constantFrom('', '', '', '\ufeff'),
      fc.array(line, { minLength: 1, maxLength: 4 }),
      fc.constantFrom('\n', '\n', '\r\n'),
    )
    .map(([mark, lines, end]) => mark + lines.join(end)),
  paths: fc.constant(PATHS),
});

function ours({ file, paths }: Question): IgnoreAnswer {
  const read = parseDockerignore(file, new StepBudget(100_000_000));
  if (read.problems.length > 0) return { ignored: [], error: 'refused' };
  const isIgnored = ignoreFilter(read);
  return { ignored: paths.filter((path) => isIgnored(path)) };
}

describe('.dockerignore and moby/patternmatcher', () => {
  let moby: Reference | undefined;
  before(function () {
    this.timeout(600_000);
    moby = reference(this);
  });
  after(() => moby?.remove());

  const theirs = async (questions: readonly Question[]): Promise<readonly IgnoreAnswer[]> => {
    const answers = (await moby?.ignore(questions)) ?? [];
    return answers.map(({ ignored, error }) =>
      error === undefined ? { ignored } : { ignored, error: 'refused' },
    );
  };
  const expectSame = async (questions: readonly Question[]): Promise<void> => {
    const answers = await theirs(questions);
    for (const [i, each] of questions.entries())
      expect(ours(each), JSON.stringify(each.file.slice(0, 200))).to.deep.equal(answers[i]);
  };

  it('agree on the fixed files', () =>
    expectSame(FILES.filter((file) => !isDifferent(file)).map((file) => ({ file, paths: PATHS }))));

  for (const [file, paths, here, docker] of DIFFERENCES) {
    it(`differ on ${JSON.stringify(file)}`, async () => {
      const said = ({ ignored, error }: IgnoreAnswer): string => error ?? ignored.join(' ');
      const one = { file, paths: paths.split(' ') };
      expect({ here: said(ours(one)), docker: (await theirs([one])).map(said)[0] }).to.deep.equal({
        here,
        docker,
      });
    });
  }

  for (const seed of SEEDS) {
    it(`agree on generated files (seed ${seed})`, () =>
      expectSame(
        generated(
          question.filter(({ file }) => !isDifferent(file)),
          seed,
          500,
        ),
      ));
  }
});
