/** A command as it was understood. */
export interface Command {
  /** The name of a verb of the table that it was parsed with. */
  readonly verb: string;
  /** Only flags that the verb knows; `true` for those without a value. */
  readonly flags: Readonly<Record<string, string | true>>;
  /** The word after the verb, for verbs that have one: the commit of `ok-to-test`, in lower case. */
  readonly argument?: string;
  /** Names of images after the verb, sorted, each once; absent: it is about all of them. */
  readonly images?: readonly string[];
  /** Its line in the comment, from 1. */
  readonly line: number;
}

/** @returns the flags as they are written, sorted: `--force`, `--version-id=abc`. */
export function writtenFlags({ flags }: Pick<Command, 'flags'>): string[] {
  return Object.entries(flags)
    .map(([name, value]) => (value === true ? `--${name}` : `--${name}=${value}`))
    .sort();
}

/** @returns the command as it is written, always the same way: `/build trainer --force`, `/kfops run --version-id=abc`. */
export function writtenCommand(
  command: Pick<Command, 'verb' | 'flags' | 'argument' | 'images'>,
  prefix?: string,
): string {
  return [
    prefix === undefined ? `/${command.verb}` : `${prefix} ${command.verb}`,
    ...(command.argument === undefined ? [] : [command.argument]),
    ...(command.images ?? []),
    ...writtenFlags(command),
  ].join(' ');
}
