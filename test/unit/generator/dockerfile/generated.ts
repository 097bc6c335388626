import fc from 'fast-check';

/** A Dockerfile that fast-check wrote, and how it is built. */
export interface Generated {
  readonly text: string;
  readonly buildArgs: readonly (readonly [string, string])[];
  readonly target?: string;
}

/** The file's escape character takes its place. */
const CONTINUED = '\u0001';

const oneOf = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
const space = fc.oneof(
  { weight: 6, arbitrary: fc.constant(' ') },
  oneOf('  ', '\t', ' \t ', ` ${CONTINUED}\n`, ` ${CONTINUED}  \n# x\n\n `),
);
const variable = oneOf('A', 'B', 'C', 'TAG', 'UNSET', '_X1', '1');
const stageName = oneOf('one', 'two', 'Two', 'ONE', 'last.x-1_y', 'scratch', 'alpine');
const literal = oneOf('alpine', 'python', 'a/b', 'x.io:5000/c', ':3', ':1.2-x', '-', '.', '/', 'é', '@', '_');

/** The `…` in `${A:-…}`. */
const word = fc.letrec<{ text: string; part: string }>((tie) => ({
  text: fc.array(tie('part'), { maxLength: 3 }).map((parts) => parts.join('')),
  part: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 12, arbitrary: literal },
    { weight: 4, arbitrary: variable.map((name) => `$${name}`) },
    variable.map((name) => `\${${name}}`),
    fc
      .tuple(variable, oneOf(':-', '-', ':+', '+', '?', ':?'), tie('text'))
      .map(([n, m, w]) => `\${${n}${m}${w}}`),
    fc
      .tuple(
        variable,
        oneOf('#', '##', '%', '%%', ':#', ':='),
        oneOf('a', '*', '*.', '.*', '?', '*/', 'a*n', '\\*', '$B'),
      )
      .map(([n, m, w]) => `\${${n}${m}${w}}`),
    fc
      .tuple(
        variable,
        oneOf('/', '//'),
        oneOf('a', '?', '*', 'p*n', '.', '\\/', '\\\\', ''),
        oneOf('', 'b', '$0', '\\}', '-'),
      )
      .map(([n, m, p, r]) => `\${${n}${m}${p}/${r}}`),
    tie('text').map((text) => `"${text}"`),
    tie('text').map((text) => `'${text}'`),
    oneOf('\\$', '\\a', '$', '$$', '${', '"', "'", '\\"', '$-', '${:x}', '<', '<<'),
  ),
})).text;

const line = (...parts: readonly fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
  fc.tuple(...parts).map((all) => all.join(''));

const argument = fc
  .tuple(variable, oneOf('', '', '', '', '"', "'", '\\"'), fc.option(word))
  .map(([name, quote, value]) => (value === null ? name : `${name}=${quote}${value}${quote}`));
const ARG = line(oneOf('ARG', 'arg'), space, argument, fc.oneof(fc.constant(''), line(space, argument)));

const image = fc.oneof(
  literal,
  word.map((text) => text || '$A'),
  stageName,
  oneOf('scratch', 'alpine:3', '"a/b:1"', '$A', '${B}'),
);
const FROM = line(
  oneOf('', '', ' ', '\t'),
  oneOf('FROM', 'from', 'From'),
  space,
  oneOf('', '', '--platform=$BUILDPLATFORM ', '--platform=linux/amd64  '),
  image,
  fc.oneof(fc.constant(''), line(space, oneOf('AS', 'as'), space, stageName)),
);

const source = fc.oneof(
  stageName,
  oneOf(
    '0',
    '1',
    '2',
    '7',
    '-1',
    '+0',
    'golang:1',
    'x.io/y',
    '"a/b"',
    "'a'b",
    'a\\b',
    '',
    'scratch',
    'a$B',
    '$A',
    'a"b c"',
  ),
);
const COPY = line(
  oneOf('COPY', 'copy'),
  space,
  oneOf('', '--chown=1:1 ', '--link '),
  oneOf('--from=', '--from=', '--fr"om="'),
  source,
  fc.constant(' '),
  oneOf('/a /b', '/a /b', '["/a", "/b"]', '<<EOF /x\nFROM no\nEOF'),
);
const mount = line(
  oneOf('--mount=', '--mount=type=bind,', '--mount=type=cache,target=/x,', '--mount="type=bind",'),
  oneOf('from=', 'FROM=', 'source=/x,from='),
  source,
  oneOf('', ',target=/y'),
);
const RUN = line(
  oneOf('RUN', 'run', 'ONBUILD RUN'),
  fc.oneof(fc.constant(''), line(space, mount), line(space, mount, space, mount)),
  space,
  oneOf(
    'true',
    '["a", "b"]',
    '["a" "<<EOF"]',
    'cat <<EOF\nFROM no\n  EOF\nEOF',
    'cat <<-EOF\nFROM no\n\tEOF',
    'cat <<\'E F\' <<"B"\nE F\nFROM no\nB',
    'cat << EOF\nx\nEOF',
    'echo $((1<<2))',
    "don't",
    'a <<<b',
    `a ${CONTINUED}\n\n# c\n  FROM no`,
    'a \\\\',
    'cat 3<<EOF\nEOF',
    'a${B:-c} <<EOF\nEOF',
    'a ${B:-<<EOF}',
    '"<<EOF"',
    'a\\ <<EOF\nEOF',
  ),
);
const other = oneOf(
  '',
  '# FROM no',
  '  # COPY --from=no / /',
  'ENV A=x B="y z"',
  'WORKDIR /x',
  'CMD ["x"]',
  'LABEL a=b',
  'ONBUILD COPY --from=no / /',
);

const start = oneOf(
  '',
  '',
  '',
  '# escape=`\n',
  '# syntax=x\n# escape=\\\n',
  '\uFEFF',
  '\n',
  '# x\n# escape=`\n',
);
const end = oneOf('\n', '\n', '\r\n', '');

/** Dockerfiles with every odd way of writing, most of which Kaniko reads. */
export const DOCKERFILE: fc.Arbitrary<Generated> = fc
  .record({
    start,
    arguments: fc.array(ARG, { maxLength: 4 }),
    stages: fc.array(
      fc.tuple(FROM, fc.array(fc.oneof({ weight: 3, arbitrary: COPY }, RUN, other, ARG), { maxLength: 3 })),
      { minLength: 1, maxLength: 4 },
    ),
    end,
    isCrlf: fc.nat(4).map((n) => n === 0),
    buildArgs: fc.array(fc.tuple(variable, oneOf('', 'v', 'a/b:1', 'x=y', '"q"', '$A', 'one')), {
      maxLength: 2,
    }),
    target: fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, stageName),
  })
  .map(({ start: begin, arguments: args, stages, end: last, isCrlf, buildArgs, target }) => {
    const written = begin + [...args, ...stages.flatMap(([from, rest]) => [from, ...rest])].join('\n') + last;
    const escaped = written.replaceAll(CONTINUED, /^\uFEFF?# escape=`/.test(written) ? '`' : '\\');
    const text = isCrlf ? escaped.replace(/\r?\n/g, '\r\n') : escaped;
    return { text, buildArgs, ...(target !== undefined && { target }) };
  });
