import { expect } from 'chai';
import fc from 'fast-check';

import { answersFor, type WordSources } from '../../../cli/completion/answers.js';
import { typedLine } from '../../../cli/completion/words.js';
import { createProgram } from '../../../cli/program.js';
import { styleOf } from '../../../templates/style.js';
import { fakeIo } from './fake-io.js';

const PROGRAM = createProgram({ io: fakeIo(), argv: [], style: styleOf(false), exitCode: 0 });
/** bash's own. */
const BREAKS = ' \t\n"\'@><=;|&(:';

describe('cli/completion/words', () => {
  const cases: readonly (readonly [words: string[], before: string[], current: string, kept: number])[] = [
    [['plan', ''], ['plan'], '', 0],
    [['graph', '--format', '=', 'tr'], ['graph'], '--format=tr', 9],
    [['graph', '--format', '='], ['graph'], '--format=', 9],
    [['build', '--tag', '=', 'v1', '--wa'], ['build', '--tag=v1'], '--wa', 0],
    [['logs', '@', 'la'], ['logs'], '@la', 0],
    [['logs', '@', 'latest', 'tr'], ['logs', '@latest'], 'tr', 0],
    [['logs', '@'], ['logs'], '@', 0],
    [['plan', '--settings', '=', 'a', ':', 'b'], ['plan'], '--settings=a:b', 13],
    [[], [], '', 0],
  ];
  for (const [words, before, current, kept] of cases)
    it(`joins what bash splits: ${words.join(' ')}`, () => {
      expect(typedLine(words, BREAKS)).to.deep.equal({ before, current, kept });
    });

  it('leaves the words of other shells alone', () => {
    expect(typedLine(['graph', '=', '--format=tr'])).to.deep.equal({
      before: ['graph', '='],
      current: '--format=tr',
      kept: 0,
    });
  });
});

describe('cli/completion/answers', () => {
  const asked: ReadonlyMap<string, string>[] = [];
  const sources: WordSources = {
    images: () => ['trainer', 'server', '$(touch x)', 'a b', '`id`', "it's", '-x\n'],
    workflows: (options) => {
      asked.push(options);
      return Promise.resolve([{ word: 'kfops-iris-x7k2p', text: 'succeeded' }]);
    },
  };
  const answers = async (...words: string[]): Promise<string[]> => {
    const found = await answersFor(PROGRAM, typedLine(words), sources);
    return [...found.answers.map(({ word }) => word), ...(found.paths ? [`:${found.paths}`] : [])];
  };

  const cases: readonly (readonly [words: string[], answers: string[]])[] = [
    [['buil'], ['build', 'build_run']],
    [['--deb'], ['--debug']],
    [['--debug', 'watc'], ['watch']],
    [['help', 'watc'], ['watch']],
    [
      ['plan', '--no-c'],
      ['--no-cache', '--no-color'],
    ],
    [
      ['graph', '--format', ''],
      ['tree', 'mermaid', 'dot'],
    ],
    [['graph', '--format=m'], ['--format=mermaid']],
    [['validate', '--format', 'j'], ['json']],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
    [['plan', '--settings', ''], [':files']],
    [['plan', '--settings='], [':files']],
    [['generate', '--contexts', ''], [':folders']],
    [['generate', '--tag', ''], []],
    [
      ['build', ''],
      ['trainer', 'server', ':folders'],
    ],
    [['build', '--tag', 'v1', '.', 'tr'], ['trainer']],
    [['build', '--wait', '.', 'server', 'tr'], ['trainer']],
    [
      ['context', ''],
      ['trainer', 'server'],
    ],
    [['context', 'trainer', ''], [':folders']],
    [['validate', ''], [':folders']],
    [['validate', '.', ''], []],
    [
      ['logs', ''],
      ['@latest', 'kfops-iris-x7k2p'],
    ],
    [['logs', '@'], ['@latest']],
    [
      ['logs', '@latest', ''],
      ['trainer', 'server', 'tag', 'compile', 'publish', 'run'],
    ],
    [
      ['cancel', '--', ''],
      ['@latest', 'kfops-iris-x7k2p'],
    ],
    [['receive', ''], [':files']],
    [['nonsense', ''], []],
  ];
  for (const [words, expected] of cases)
    it(`kfops ${words.join(' ')}|`, async () => {
      expect(await answers(...words)).to.deep.equal(expected);
    });

  it('describes commands and options', async () => {
    const { answers: found } = await answersFor(PROGRAM, typedLine(['watch', '--time']), sources);
    expect(found.map(({ text }) => text)).to.match(/how long to wait/);
  });

  it('offers all options of a command and no hidden one', async () => {
    const options = await answers('status', '-');
    expect(options).to.include.members(['--all', '--json', '--namespace', '--help', '--no-color']);
    expect(new Set(options).size).to.equal(options.length);
    expect(await answers('doctor', '--serv')).to.deep.equal(['--server']);
  });

  it('asks the cluster that the options name', async () => {
    await answers('status', '-n', 'builds', '--context=staging', '');
    expect(Object.fromEntries(asked.at(-1) ?? [])).to.deep.equal({
      '--namespace': 'builds',
      '--context': 'staging',
    });
  });

  it('answers whatever is typed, with words that need no quotes', async () => {
    const word = fc.oneof(
      fc.string(),
      fc.constantFrom('build', 'logs', '--', '--format', '-n', '=', '@', '--tag=', 'trainer'),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(word), fc.boolean(), async (words, isBash) => {
        const line = typedLine(words, isBash ? BREAKS : '');
        const { answers: found } = await answersFor(PROGRAM, line, sources);
        expect(line.kept).to.be.at.most(line.current.length);
        for (const { word: answer } of found) {
          expect(answer).to.match(/^[\w@%+=:,./-]+$/);
          expect(answer.startsWith(line.current)).to.equal(true);
        }
      }),
    );
  });
});
