import type { Verb } from './grammar.js';

/** A command as it was understood. */
export interface Command {
  readonly verb: Verb;
  /** Only flags that the verb knows; `true` for those without a value. */
  readonly flags: Readonly<Record<string, string | true>>;
  /** The word after the verb, for verbs that take one: the commit of `ok-to-test`, in lower case. */
  readonly argument?: string;
  /** Where it stands in the comment, from 1. */
  readonly line: number;
}

/**
 * @returns whether what comes of it is the answer to the same command of others, too; else each wants a workflow of its
 *   own
 */
export function isShared({ verb, flags }: Pick<Command, 'verb' | 'flags'>): boolean {
  return verb !== 'run' && verb !== 'retry' && flags.force !== true;
}

/** @returns the flags as they are written, sorted: `--force`, `--version-id=abc`. */
export function writtenFlags({ flags }: Pick<Command, 'flags'>): string[] {
  return Object.entries(flags)
    .map(([name, value]) => (value === true ? `--${name}` : `--${name}=${value}`))
    .sort();
}

/** @returns the command as it is written, always the same way: `/build --force`, `/kfops run --version-id=abc`. */
export function writtenCommand(
  command: Pick<Command, 'verb' | 'flags' | 'argument'>,
  prefix?: string,
): string {
  return [
    prefix === undefined ? `/${command.verb}` : `${prefix} ${command.verb}`,
    ...(command.argument === undefined ? [] : [command.argument]),
    ...writtenFlags(command),
  ].join(' ');
}
