import { Command } from 'commander';
import { expect } from 'chai';

import { commandLine, completeCommands, type Invocation } from '../../../cli/invocation.js';
import { createProgram } from '../../../cli/program.js';
import { styleOf } from '../../../templates/style.js';
import { fakeIo } from './fake-io.js';

/** What is known of a call, without doing its work. */
function called(...argv: string[]): Invocation {
  const session: Parameters<typeof createProgram>[0] = {
    io: fakeIo(),
    argv,
    style: styleOf(false),
    exitCode: 0,
  };
  const program = createProgram(session);
  for (const command of program.commands) command.action(() => undefined);
  program.parse(argv, { from: 'user' });
  expect(session.command).to.be.instanceOf(Command);
  return session;
}

describe('commandLine', () => {
  it('repeats the options that both commands take', () => {
    const call = called('build', '--settings', 's t.yaml', '--context', 'staging', '--tag', 'v1', '--wait');
    expect(commandLine(call, 'watch', ['-n', 'builds'], ['iris'])).to.equal(
      "kfops watch -n builds iris --settings 's t.yaml' --context staging",
    );
  });

  it('repeats no option that the command has itself', () => {
    expect(commandLine(called('build', '-n', 'a'), 'watch', ['-n', 'b'], ['iris'])).to.equal(
      'kfops watch -n b iris',
    );
  });

  it('repeats no option of another meaning', () => {
    expect(commandLine(called('build', '--timeout', '5m'), 'compile-pipeline')).to.equal(
      'kfops compile-pipeline',
    );
  });

  it('repeats options without a value, and values that begin with a dash', () => {
    const call = called('plan', '--no-cache', '--set=-a=1');
    expect(commandLine(call, 'build')).to.equal('kfops build --set=-a=1 --no-cache');
  });

  it('repeats nothing before a command is known', () => {
    expect(commandLine({}, 'watch', [], ['iris'])).to.equal('kfops watch iris');
  });
});

describe('completeCommands', () => {
  const hint = 'check with `kfops context trainer -o - | tar -tz`, or `kfops doctor`; see `kfops watch`';

  it('adds options and the folder before what follows the command', () => {
    const call = called('build', '--settings', 's.yaml', 'my dir');
    expect(completeCommands(call, hint)).to.equal(
      "check with `kfops context trainer -o - --settings s.yaml 'my dir' | tar -tz`, or `kfops doctor --settings s.yaml 'my dir'`; see `kfops watch`",
    );
  });

  it('changes nothing where nothing was given', () => {
    expect(completeCommands(called('build'), hint)).to.equal(hint);
  });

  it('names the workflow where the command is about one, and not where it lists them', () => {
    const call = called('status', 'iris', '-n', 'builds');
    expect(completeCommands(call, '`kfops logs` or `kfops status --all`')).to.equal(
      '`kfops logs -n builds iris` or `kfops status --all -n builds`',
    );
  });

  it('keeps a commit that the hint names itself', () => {
    const call = called('build', '--commit', 'HEAD', '-n', 'x');
    const own = '`kfops context --commit 1a2b trainer -o c.tar.gz`';
    expect(completeCommands(call, own)).to.equal(own);
  });

  it('leaves other commands alone', () => {
    const text = '`git fsck`, `kfops nonsense`, `docker build -`';
    expect(completeCommands(called('build', '-n', 'x'), text)).to.equal(text);
  });
});
