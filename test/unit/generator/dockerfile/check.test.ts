import { expect } from 'chai';

import { checkDockerfile, type CheckOptions } from '../../../../generator/dockerfile/check.js';
import { parseDockerfile } from '../../../../generator/dockerfile/parse.js';
import { SAMPLES } from './samples.js';

function check(text: string, options: Partial<CheckOptions> = {}): readonly string[] {
  const problems = checkDockerfile(parseDockerfile(text), {
    buildArgs: [],
    has: () => undefined,
    ...options,
  });
  return problems.map(
    ({ severity, code, line, column, message }) => `${line}:${column} ${severity} ${code}: ${message}`,
  );
}

describe('checkDockerfile', () => {
  for (const sample of SAMPLES) {
    it(`finds no error in: ${sample.name}`, () => {
      const { text, buildArgs = [], target } = sample;
      const found = check(text, { buildArgs, ...(target !== undefined && { target }), has: () => true });
      expect(found.filter((problem) => problem.includes(' error '))).to.deep.equal([]);
    });
  }

  for (const [text, ...expected] of [
    ['', '1:1 error DOCKERFILE_SYNTAX: there is no `FROM`'],
    ['ARG A=1\n', '1:1 error DOCKERFILE_SYNTAX: there is no `FROM`'],
    ['FROM a\nRUN x\n  COPPY a b\n', '3:3 error DOCKERFILE_SYNTAX: unknown instruction `COPPY`'],
    ['RUN x\nFROM a\n', '1:1 error DOCKERFILE_SYNTAX: `RUN` is before the first `FROM`'],
    ['FROM a b\n', '1:8 error DOCKERFILE_SYNTAX: `FROM` has an image, or an image and a name'],
    ['FROM a AS 1x\n', "1:11 error DOCKERFILE_SYNTAX: `1x` isn't a name for a stage"],
    ['FROM a\nCOPY x\n', '2:1 error DOCKERFILE_SYNTAX: `COPY` needs a source and a destination'],
    ['FROM a\nCOPY --form=b x y\n', '2:6 error DOCKERFILE_SYNTAX: `COPY` has no flag `--form`'],
    ['FROM a\nCOPY --parents x y\n', '2:6 warning DOCKERFILE_SYNTAX: Kaniko 1.24 refuses `--parents`'],
    ['FROM a\nRUN <<EOF\nx\n', '2:1 error DOCKERFILE_SYNTAX: the heredoc `EOF` has no end'],
    ['# escape=x\nFROM a\n', "1:1 error DOCKERFILE_SYNTAX: `x` can't be the escape character"],
    [`FROM a\nRUN ${'x'.repeat(70_000)}\n`, '2:1 error DOCKERFILE_SYNTAX: the line has more than 64 KiB'],
    ['FROM a\nCOPY --from=1 x y\n', '2:13 error STAGE_MISSING: no stage before this one has the number 1'],
    ['FROM a:$B\n', '1:6 warning DOCKERFILE_VARIABLE: the variable `B` in `a:$B` has no value'],
    ['FROM ${A:~}\n', "1:6 warning DOCKERFILE_VARIABLE: Kaniko can't expand `${A:~}`"],
    [
      'FROM a\nCOPY --from=$B x y\n',
      '2:13 warning DOCKERFILE_VARIABLE: Kaniko expands no variables in `--from`',
    ],
    [
      'ARG A="x\nFROM a\n',
      "1:5 warning DOCKERFILE_VARIABLE: Kaniko can't read the argument: only one end of the value has a quote",
    ],
  ] as const) {
    it(`reports ${expected[0]}`, () => {
      expect(check(text)).to.deep.equal(expected);
    });
  }

  it('reports a missing target, and suggests the nearest', () => {
    const [problem] = checkDockerfile(parseDockerfile('FROM a AS builder\nFROM b AS run\n'), {
      buildArgs: [],
      target: 'bulider',
      has: () => undefined,
    });
    expect(problem).to.include({ severity: 'error', code: 'TARGET_MISSING', line: 2, column: 1 });
    expect(problem?.hint).to.equal('Did you mean `builder`?');
    expect(check('FROM a\n', { target: '0' })[0]).to.include(' warning TARGET_MISSING');
  });

  it('reports what COPY and ADD do not find in the context', () => {
    const text = [
      'FROM a AS one',
      'COPY there ./there/ /there missing /x/',
      'COPY miss* there /x/',
      'COPY ["with space", "/x/"]',
      'ADD https://example.org/x git@host:x/y.git https://example.org/x.git#main:sub /x/',
      'COPY $VAR/x ../outside . / <<EOF /x/',
      'missing',
      'EOF',
      'COPY --from=b/c:1 missing /x',
      'COPY "miss\\ing" /x',
      'FROM b',
      'COPY missing /x',
    ].join('\n');
    const has = (path: string): boolean => path === 'there';
    expect(check(text, { has, target: 'one' })).to.deep.equal([
      '2:28 error COPY_SOURCE_MISSING: the build context has no `missing`',
      '3:6 warning COPY_SOURCE_MISSING: nothing in the build context matches `miss*`',
      '4:6 error COPY_SOURCE_MISSING: the build context has no `with space`',
      '10:6 error COPY_SOURCE_MISSING: the build context has no `"miss\\ing"`',
    ]);
  });

  describe('of a stage before the target', () => {
    const missing = (stages: readonly string[], options: Partial<CheckOptions> = {}): readonly string[] => {
      const found = check(stages.join('\n'), { target: 'prod', has: () => false, ...options });
      return found.map((problem) => problem.replace(/:.*? (\w+) (\w+):.*$/, ' $1 $2'));
    };

    for (const [name, stages, severity, options] of [
      ['FROM', ['FROM a AS Dev', 'COPY x /x', 'FROM DEV AS prod'], 'error'],
      ['FROM through a variable', ['ARG B=dev', 'FROM a AS dev\nCOPY x /x', 'FROM $B AS prod'], 'error'],
      [
        'FROM through a build argument',
        ['ARG B', 'FROM a AS dev\nCOPY x /x', 'FROM ${B} AS prod'],
        'error',
        { buildArgs: [['B', 'dev']] },
      ],
      ['COPY --from', ['FROM a AS dev', 'COPY x /x', 'FROM a AS prod', 'COPY --from=DEV /x /x'], 'error'],
      ['COPY --from a number', ['FROM a', 'COPY x /x', 'FROM a AS prod', 'COPY --from=0 /x /x'], 'error'],
      [
        'a stage between',
        ['FROM a AS dev', 'COPY x /x', 'FROM dev AS mid', 'FROM a AS prod', 'COPY --from=mid /x /x'],
        'error',
      ],
      ['nothing', ['FROM a AS dev', 'COPY x /x', 'FROM a AS prod'], 'warning'],
      [
        'another stage that is not used',
        ['FROM a AS dev', 'COPY x /x', 'FROM dev AS mid', 'FROM a AS prod'],
        'warning',
      ],
      [
        'RUN --mount, which Kaniko ignores',
        ['FROM a AS dev', 'COPY x /x', 'FROM a AS prod', 'RUN --mount=from=dev,target=/y ls'],
        'warning',
      ],
      ['a stage after the target', ['FROM a AS dev', 'COPY x /x', 'FROM a AS prod', 'FROM dev'], 'warning'],
      [
        'FROM, but of the first of two stages with its name',
        ['FROM a AS dev', 'FROM a AS dev\nCOPY x /x', 'FROM dev AS prod'],
        'warning',
      ],
      [
        'COPY --from, but of the last of two stages with its name',
        ['FROM a AS dev\nCOPY x /x', 'FROM a AS dev', 'FROM a AS prod\nCOPY --from=dev /y /y'],
        'warning',
      ],
    ] as readonly (readonly [string, readonly string[], string, Partial<CheckOptions>?])[]) {
      it(`is ${severity === 'error' ? 'an error' : 'a warning'} where it is used by ${name}`, () => {
        const found = missing(stages, options);
        expect(found).to.deep.equal([found[0]]);
        expect(found[0]).to.match(new RegExp(`^\\d+ ${severity} COPY_SOURCE_MISSING$`));
      });
    }

    it('says why a problem is only a warning', () => {
      const text = 'FROM a AS dev\nCOPY --from=3 x /x\nFROM a AS prod\n';
      const [problem] = checkDockerfile(parseDockerfile(text), { buildArgs: [], has: () => undefined });
      expect(problem).to.include({ severity: 'warning', code: 'STAGE_MISSING', line: 2 });
      expect(problem?.hint).to.match(
        /\. The target doesn't use this stage: Kaniko 1\.24 builds it, newer versions skip it$/,
      );
    });
  });
});
