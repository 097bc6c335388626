import { type Command } from 'commander';

import { suggest } from '../../common/suggest.js';
import { escapeTerminal } from '../../templates/escape.js';
import type { Session } from '../session.js';

/** `kfops help`: what `--help` prints, and `kfops version`: what `--version` prints. */
export function defineHelp(program: Command, { io }: Session): void {
  const command = program
    .command('help')
    .description('Show help for a command; without one, list all commands.')
    .argument('[COMMAND]', 'the command')
    .action((name: string | undefined) => {
      helpFor(program, command, name);
    });
  program
    .command('version')
    .description('Print the version.')
    .action(() => {
      io.stdout.write(`${program.version() ?? ''}\n`);
    });
}

function helpFor(program: Command, command: Command, name: string | undefined): void {
  if (name === undefined) {
    program.outputHelp();
    return;
  }
  const found = program.commands.find((each) => each.name() === name);
  if (found !== undefined) {
    found.outputHelp();
    return;
  }
  const near = suggest(
    name,
    program.commands.map((each) => each.name()),
  );
  const hint = near === undefined ? 'Run kfops help to list the commands.' : `(Did you mean ${near}?)`;
  command.error(`error: unknown command '${escapeTerminal(name)}'\n${hint}`);
}
