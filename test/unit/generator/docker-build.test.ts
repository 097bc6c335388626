import { execFileSync } from 'node:child_process';

import { expect } from 'chai';
import fc from 'fast-check';

import {
  type ContextInput,
  contextCommand,
  dockerBuild,
  type DockerImage,
  fitsInline,
} from '../../../generator/docker-build.js';

const IMAGE: DockerImage = { name: 'trainer', dockerfile: 'Dockerfile', buildArgs: [] };
const PIPE: ContextInput = { kind: 'pipe' };

/** The arguments that a shell gives to `docker` for this command. */
function argumentsOf(command: string): string[] {
  const script = `kfops() { :; }\ndocker() { printf '%s\\0' "$@"; }\n${command}`;
  return execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1);
}

function withArguments(values: readonly string[]): DockerImage {
  return { ...IMAGE, buildArgs: values.map((value, at) => [`A${at}`, value] as const) };
}

const ODD = [
  '',
  ' ',
  'b c',
  'a  b',
  "it's",
  "'",
  '"',
  '\\',
  "\\'",
  '$(exit 1)',
  '`exit 1`',
  '${HOME}',
  '~',
  '*',
  'a;b|c&d>e<f',
  '#x',
  '!!',
  '-',
  '--help',
  'a=b=c',
  '%s\\0',
  'ключ=значение 鍵',
  '\ud83d\ude00',
];

const INVISIBLE = [
  'a\nb',
  '\r',
  '\t',
  '\u001b[2J',
  '\u0085',
  '\u202ereversed',
  'a\u200bb',
  '\ufeff',
  '\ud800',
];

describe('generator/docker-build', () => {
  it('has only the name of the image where everything else is Docker’s default', () => {
    expect(dockerBuild(IMAGE, PIPE)).to.deep.equal({
      command: 'kfops context trainer -o - | docker build -t trainer:local -',
      omitted: [],
    });
    expect(dockerBuild({ ...IMAGE, dockerfile: './Dockerfile' }, PIPE)).to.deep.equal(
      dockerBuild(IMAGE, PIPE),
    );
  });

  it('has the Dockerfile, the build arguments, the target and the platform', () => {
    const image: DockerImage = {
      name: 'trainer',
      dockerfile: './docker//Dockerfile.gpu',
      buildArgs: [
        ['A', 'b c'],
        ['CUDA', '12.4'],
      ],
      target: 'runtime',
      platform: 'linux/arm64',
    };
    expect(dockerBuild(image, { kind: 'pipe', commit: '4f1c0d9ae2b7' }).command).to.equal(
      'kfops context trainer --commit 4f1c0d9ae2b7 -o - | docker build -f docker/Dockerfile.gpu' +
        " --build-arg 'A=b c' --build-arg CUDA=12.4 --target runtime --platform linux/arm64 -t trainer:local -",
    );
  });

  it('reads the context from a file', () => {
    expect(dockerBuild(IMAGE, { kind: 'file', file: 'out/my context.tar.gz' }).command).to.equal(
      "docker build -t trainer:local - < 'out/my context.tar.gz'",
    );
  });

  it('does not read a Dockerfile named `-` from stdin', () => {
    expect(argumentsOf(dockerBuild({ ...IMAGE, dockerfile: '-' }, PIPE).command).slice(0, 3)).to.deep.equal([
      'build',
      '-f',
      './-',
    ]);
  });

  it('gives Docker every value as the configuration has it', () => {
    const { command, omitted } = dockerBuild({ ...withArguments(ODD), dockerfile: "a b'$(id)/`c`" }, PIPE);
    expect(omitted).to.deep.equal([]);
    expect(command).not.to.include('\n');
    expect(argumentsOf(command)).to.deep.equal([
      'build',
      '-f',
      "a b'$(id)/`c`",
      ...ODD.flatMap((value, at) => ['--build-arg', `A${at}=${value}`]),
      '-t',
      'trainer:local',
      '-',
    ]);
  });

  it('gives Docker any text as it is, or leaves it out and says so', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { maxLength: 200 }), (values) => {
        const { command, omitted } = dockerBuild(withArguments(values), PIPE);
        const given = argumentsOf(command);
        for (const [at, value] of values.entries())
          expect(given.includes(`A${at}=${value}`)).to.not.equal(omitted.includes(`--build-arg A${at}`));
      }),
      { numRuns: 20 },
    );
  });

  it('leaves out what a terminal would not show as it is', () => {
    const image = { ...withArguments([...INVISIBLE, 'kept']), dockerfile: 'Docker\u200bfile' };
    expect(dockerBuild(image, PIPE)).to.deep.equal({
      command: `kfops context trainer -o - | docker build --build-arg A${INVISIBLE.length}=kept -t trainer:local -`,
      omitted: ['-f', ...INVISIBLE.map((_, at) => `--build-arg A${at}`)],
    });
  });

  it('goes into a sentence unless Markdown would change it, or it is long or not complete', () => {
    const fits = (...values: string[]): boolean => fitsInline(dockerBuild(withArguments(values), PIPE));
    expect(fits('b c', "it's", '$(id)', '|', '<b>')).to.equal(true);
    for (const value of ['`', 'a  b', 'a\u00a0b', 'a\nb', 'x'.repeat(240)])
      expect(fits(value), value).to.equal(false);
  });

  it('quotes a name that the configuration would refuse', () => {
    expect(contextCommand('a; id', undefined)).to.equal("kfops context 'a; id'");
  });
});
