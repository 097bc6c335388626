import { withQuotes } from './split-words.js';

/** A command as it was understood. */
export interface Command {
  /** The name of a verb of the table that it was parsed with. */
  readonly verb: string;
  /** Only flags that the verb knows; `true` for those without a value, `KEY=VALUE` sorted by key for `--set`. */
  readonly flags: Readonly<Record<string, string | true | readonly string[]>>;
  /** The word after the verb, for verbs that have one: the commit of `ok-to-test`, in lower case; a step of `logs`. */
  readonly argument?: string;
  /** Names of images after the verb, sorted, each once; absent: it is about all of them. */
  readonly images?: readonly string[];
  /** Its line in the comment, from 1. */
  readonly line: number;
}

/** @returns the flags as they are written, sorted: `--force`, `--set epochs=20`, `--version-id=abc`. */
export function writtenFlags({ flags }: Pick<Command, 'flags'>): string[] {
  return Object.entries(flags)
    .flatMap(([name, value]) => {
      if (value === true) return [`--${name}`];
      return typeof value === 'string' ? [`--${name}=${value}`] : value.map((each) => writtenSet(name, each));
    })
    .sort();
}

function writtenSet(name: string, text: string): string {
  const behind = text.indexOf('=') + 1;
  return `--${name} ${text.slice(0, behind)}${withQuotes(text.slice(behind))}`;
}

/** @returns what `--set` says, each as `KEY=VALUE`; none where the command has no such flag */
export function setArguments({ flags }: Pick<Command, 'flags'>): readonly string[] {
  return Array.isArray(flags.set) ? (flags.set as readonly string[]) : [];
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
