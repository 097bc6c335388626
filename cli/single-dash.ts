import type { Command } from 'commander';

import { suggest } from '../common/suggest.js';

/** How Commander refuses a word with one dash and several letters, without a suggestion. */
const UNKNOWN = /^error: unknown option '-([a-z][a-z-]+)'/;

/**
 * An error of Commander about `-wait`, with `--wait` as suggestion: Commander only compares words with two dashes.
 *
 * @param argv - the arguments of the call
 */
export function withTwoDashes(error: string, program: Command, argv: readonly string[]): string {
  const [whole = '', word = ''] = UNKNOWN.exec(error) ?? [];
  // Of `-folow`, Commander names `-olow`: `-f` is an option.
  if (word === '' || !argv.includes(`-${word}`)) return error;
  const command = program.commands.find((each) => argv.includes(each.name())) ?? program;
  const known = [...command.options, ...program.options].flatMap(({ long }) => long?.slice(2) ?? []);
  const near = suggest(word, known);
  return near === undefined ? error : `${whole}\n(Did you mean --${near}?)${error.slice(whole.length)}`;
}
