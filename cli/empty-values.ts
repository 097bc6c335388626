import type { Command } from 'commander';

/**
 * Refuses options and arguments that are there and empty, as `--config ""`: nearly always a variable of a script that
 * is not set. One from the environment that is empty counts as not set.
 */
export function refuseEmptyValues(command: Command): void {
  for (const option of command.options) {
    const name = option.attributeName();
    if (command.getOptionValue(name) !== '') continue;
    if (command.getOptionValueSource(name) === 'env')
      command.setOptionValueWithSource(name, option.defaultValue, 'default');
    else command.error(`error: option '${option.flags}' argument '' is invalid. It is empty.`);
  }
  const at = command.args.indexOf('');
  if (at === -1) return;
  // Further words belong to the last argument.
  const argument = command.registeredArguments[at] ?? command.registeredArguments.at(-1);
  command.error(
    `error: command-argument value '' is invalid for argument '${argument?.name() ?? ''}'. It is empty.`,
  );
}
