import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { expect } from 'chai';
import type { Command } from 'commander';

import { ExitCode } from '../../cli/exit.js';
import { createProgram } from '../../cli/program.js';
import { styleOf } from '../../templates/style.js';
import { documentedCommands } from '../support/shell-blocks.js';
import { fakeIo } from './cli/fake-io.js';

const ROOT = new URL('../../', import.meta.url);
const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(new URL('docs', ROOT))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
const PROGRAM = createProgram({
  io: fakeIo({ cwd: fileURLToPath(ROOT) }),
  argv: [],
  style: styleOf(false),
  exitCode: ExitCode.Done,
});

/** What is wrong with the arguments of `kfops`. */
function wrongOptions([verb = '', ...words]: readonly string[]): string[] {
  if (verb.startsWith('-')) return [];
  const command = PROGRAM.commands.find((one) => one.name() === verb);
  if (!command) return [`no command ${verb}`];
  return words
    .filter((word) => /^--?[a-z]/.test(word))
    .map((word) => word.split('=', 1)[0] ?? '')
    .filter((flag) => !known(command, flag))
    .map((flag) => `${verb} has no ${flag}`);
}

function known(command: Command, flag: string): boolean {
  return [...command.options, ...PROGRAM.options].some(({ long, short }) => [long, short].includes(flag));
}

describe('the commands in the documentation', () => {
  const all = PAGES.flatMap((page) =>
    documentedCommands(readFileSync(new URL(page, ROOT), 'utf8')).map((command) => ({ page, ...command })),
  );

  it('are found', () => {
    expect(all.filter(({ words }) => words[0] === 'kfops')).to.have.length.above(15);
    expect(documentedCommands('```sh\nA=b kfops x --y \\\n  -z "a b" # c\n```\n')).to.deep.equal([
      { line: 2, words: ['A=b', 'kfops', 'x', '--y', '-z', 'a b'] },
    ]);
    expect(documentedCommands('```console\n$ kubectl get x | kfops y > z\n✓ done\n```\n')).to.deep.equal([
      { line: 2, words: ['kubectl', 'get', 'x'] },
      { line: 2, words: ['kfops', 'y'] },
    ]);
  });

  it('call kfops with commands and options that it has', () => {
    const wrong = all.flatMap(({ page, line, words }) => {
      const at = words.findIndex(
        (word, index) =>
          word === 'kfops' && (index === 0 || /^(?:npx|--|\w+=.*)$/.test(words[index - 1] ?? '')),
      );
      return at === -1
        ? []
        : wrongOptions(words.slice(at + 1)).map((problem) => `${page}:${line} ${problem}`);
    });
    expect(wrong).to.deep.equal([]);
  });

  it('name files of deploy/ and scripts/ that exist', () => {
    const wrong = all.flatMap(({ page, line, words }) =>
      words
        .filter((word) => /^(?:\.\/)?(?:deploy|scripts|examples)\//.test(word))
        .filter((path) => !existsSync(new URL(path, ROOT)))
        .map((path) => `${page}:${line} ${path}`),
    );
    expect(wrong).to.deep.equal([]);
  });

  it('run scripts of package.json', () => {
    const { scripts } = JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const names = all.flatMap(({ words }) =>
      words[0] === 'npm' && words[1] === 'run' && words[2] !== undefined ? [words[2]] : [],
    );
    expect(Object.keys(scripts)).to.include.members(names);
  });
});
