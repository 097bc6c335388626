import type { Command, Option } from 'commander';

import type { Diagnostic } from '../schema/diagnostic.js';
import type { Session } from './session.js';
import { shellLine, shellQuote } from '../schema/shell.js';

/** A call of the command, as far as its options go. */
export type Invocation = Pick<Session, 'command'>;

/**
 * Where the value of an option comes from, for errors about it: the flag, or the variable that it was read from.
 *
 * @param name - as commander knows it: `settings`
 */
export function originOf({ command }: Invocation, name: string): string {
  const option = command?.options.find((each) => each.attributeName() === name);
  if (option?.envVar !== undefined && command?.getOptionValueSource(name) === 'env') return option.envVar;
  return option?.long ?? `--${name}`;
}

/**
 * A command line of `kfops` to recommend: with the options and arguments of this call that the other command
 * takes too, so that it asks the same cluster about the same repository. What comes from the environment or is a
 * default is left out, as the command finds it again.
 *
 * @param verb - the command to recommend
 * @param options - its own options, which are not repeated
 * @param operands - its first arguments
 */
export function commandLine(
  invocation: Invocation,
  verb: string,
  options: readonly string[] = [],
  operands: readonly string[] = [],
): string {
  const target = verbNamed(invocation, verb);
  const repeated = target === undefined ? [] : repeatedOptions(invocation, target, options);
  const more = target === undefined ? [] : (repeatedOperands(invocation, target, operands.length) ?? []);
  return shellLine(['kfops', verb, ...options, ...operands, ...repeated, ...more]);
}

/** `kfops verb …`, in a hint. */
const RECOMMENDED = /`kfops ([^`]+)`/g;

/**
 * Adds to each command of `kfops` in a hint what {@link commandLine} would: hints are made where the options of
 * the call are not known. A command whose required arguments are not known is a mention and stays.
 */
export function completeCommands(invocation: Invocation, text: string): string {
  return text.replace(RECOMMENDED, (whole, line: string) => {
    const [verb = '', ...words] = line.split(' ');
    const target = verbNamed(invocation, verb);
    if (target === undefined) return whole;
    const end = words.findIndex((word) => /^[<>|&;]/.test(word));
    const own = end === -1 ? words : words.slice(0, end);
    // A list of all workflows is about none of them.
    const more = own.includes('--all')
      ? []
      : repeatedOperands(invocation, target, countOperands(target, own));
    if (more === undefined) return whole;
    const repeated = repeatedOptions(invocation, target, own).map(shellQuote);
    const rest = words.slice(own.length);
    return `\`kfops ${[verb, ...own, ...repeated, ...more.map(shellQuote), ...rest].join(' ')}\``;
  });
}

/** How many of a command's words are neither options nor their values. */
function countOperands({ options }: Command, words: readonly string[]): number {
  return words.filter((word, at) => {
    const before = words[at - 1] ?? '';
    const option = options.find(({ short, long }) => before === short || before === long);
    return !(word.startsWith('-') && word !== '-') && option?.required !== true;
  }).length;
}

/** As {@link completeCommands}, in the hints of diagnostics. */
export function completeHints(invocation: Invocation, diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return diagnostics.map((one) =>
    one.hint === undefined ? one : { ...one, hint: completeCommands(invocation, one.hint) },
  );
}

function verbNamed({ command }: Invocation, verb: string): Command | undefined {
  return command?.parent?.commands.find((each) => each.name() === verb);
}

/** Options of one spelling that mean different things differ in their flags: `--timeout <SECONDS>`. */
function repeatedOptions({ command }: Invocation, target: Command, own: readonly string[]): string[] {
  if (command === undefined) return [];
  return command.options.flatMap((option) => {
    const isOwn = own.some((word) => word === option.short || word.split('=')[0] === option.long);
    const isTaken = target.options.some(({ flags }) => flags === option.flags);
    const isGiven = command.getOptionValueSource(option.attributeName()) === 'cli';
    return isGiven && isTaken && !isOwn
      ? asWords(option, command.getOptionValue(option.attributeName()))
      : [];
  });
}

function asWords({ long, short }: Option, value: unknown): string[] {
  const flag = short ?? long ?? '';
  if (typeof value === 'boolean') return [long ?? flag];
  const values = (Array.isArray(value) ? value : [value]) as unknown[];
  return values.map(String).flatMap((text) => (text.startsWith('-') ? [`${long}=${text}`] : [flag, text]));
}

/**
 * The arguments of the other command behind its first ones, from those of this call with the same name.
 *
 * @returns undefined where a required one is not known
 */
function repeatedOperands(
  { command }: Invocation,
  target: Command,
  given: number,
): readonly string[] | undefined {
  const words: string[] = [];
  for (const argument of target.registeredArguments.slice(given)) {
    const at = command?.registeredArguments.findIndex((each) => each.name() === argument.name()) ?? -1;
    const value = at === -1 ? undefined : command?.args[at];
    const isName = argument.name() === 'NAME';
    if (value === undefined) return argument.required || isName ? undefined : words;
    if (!argument.required && !isName && argument.name() !== 'DIR') return words;
    if (argument.name() === 'DIR' && value === argument.defaultValue) return words;
    words.push(value.startsWith('-') && value !== '-' ? `./${value}` : value);
  }
  return words;
}
