import type { Command } from 'commander';

const ON = ['1', 'true', 'yes'];
const OFF = ['', '0', 'false', 'no'];

/**
 * Reads variables of the environment that set an option without an argument, such as KFOPS_NO_REUSE. Commander counts each
 * as set, whatever its value is. Empty, `0`, `false` and `no` mean not set; others than `1`, `true` and `yes` are wrong usage.
 */
export function readSwitchVariables(command: Command): void {
  for (const option of command.options) {
    const { envVar, required, optional } = option;
    const name = option.attributeName();
    if (envVar === undefined || required || optional) continue;
    if (command.getOptionValueSource(name) !== 'env') continue;
    const text = process.env[envVar] ?? '';
    const value = text.trim().toLowerCase();
    if (OFF.includes(value)) {
      command.setOptionValueWithSource(name, option.negate ? true : undefined, 'default');
    } else if (!ON.includes(value)) {
      command.error(
        `error: option '${option.flags}' value '${text}' from env '${envVar}' is invalid. Allowed choices are ${[...ON, ...OFF.slice(1)].join(', ')}.`,
      );
    }
  }
}
