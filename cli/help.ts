import type { Command } from 'commander';

const EXIT_CODES = `Exit codes:
  0  done
  1  failed
  2  wrong usage or configuration
  3  an external service did not answer
  130  interrupted by Ctrl-C`;

/** Adds examples and the exit codes to a command's help, and the way to it to its usage errors. */
export function help(command: Command, examples: readonly (readonly [line: string, what: string])[]): void {
  const width = Math.max(...examples.map(([line]) => line.length));
  const lines = examples.map(([line, what]) =>
    width > 44 ? `  ${line}\n      ${what}` : `  ${line.padEnd(width)}  ${what}`,
  );
  const name = [...ancestors(command)].reverse().join(' ');
  command
    .addHelpText('after', `\nExamples:\n${lines.join('\n')}\n\n${EXIT_CODES}`)
    .showHelpAfterError(`See ${name} --help.`);
}

function* ancestors(command: Command): Iterable<string> {
  for (let at: Command | null = command; at; at = at.parent) yield at.name();
}
