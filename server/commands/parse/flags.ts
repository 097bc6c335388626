import { isOneSlip } from '../../../common/suggest.js';
import type { Command } from './command.js';
import type { FlagRule, VerbGrammar } from './grammar.js';
import { kfcAnswer } from './kfc-flags.js';
import { readPipelineArgument } from './pipeline-argument.js';
import { harmless } from './words.js';

/** With the other flags, as many as the record of a build keeps. */
const MOST_SET = 16;

/** What stood behind a verb. */
export interface ReadFlags {
  readonly flags: Command['flags'];
  /** Words that are neither flags nor their values. */
  readonly others: readonly string[];
}

/** Reads flags by the closed grammar of a verb: `--name=value` or `--name value`, each once but for `--set`. */
export function readFlags(
  rule: VerbGrammar,
  words: readonly string[],
): ReadFlags | { readonly problem: string } {
  const flags: Record<string, string | true> = {};
  const set = new Map<string, string>();
  const others: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    // Telephones make one dash of two.
    const written = /^(?:--|[–—])(.*)$/.exec(word)?.[1];
    if (written === undefined) {
      const answer = kfcAnswer(word);
      if (answer !== undefined)
        return { problem: `${harmless(word)} is no flag of \`${rule.name}\`. ${answer}` };
      others.push(word);
      continue;
    }
    const equals = written.indexOf('=');
    const name = equals < 0 ? written : written.slice(0, equals);
    let value = equals < 0 ? undefined : written.slice(equals + 1);
    const flag = rule.flags.find((known) => known.name === name);
    if (!flag) return { problem: unknownFlag(rule, name) };
    if (Object.hasOwn(flags, name)) return { problem: `Duplicate flag ${harmless(`--${name}`)}.` };
    if (flag.value && value === undefined && !/^(?:--|[–—])/.test(words[i + 1] ?? '--')) value = words[++i];
    if (flag.isSet) {
      const problem = addArgument(set, value);
      if (problem !== undefined) return { problem };
      continue;
    }
    const problem = valueProblem(flag, value);
    if (problem !== undefined) return { problem };
    flags[name] = value === undefined ? true : unquoted(value);
  }
  if (set.size === 0) return { flags, others };
  const sorted = [...set].sort(([a], [b]) => (a < b ? -1 : 1));
  return { flags: { ...flags, set: sorted.map(([key, value]) => `${key}=${value}`) }, others };
}

/** @returns what is wrong with it; undefined where it was added */
function addArgument(set: Map<string, string>, written: string | undefined): string | undefined {
  if (written === undefined || written === '') return '`--set` needs a key and a value.';
  const read = readPipelineArgument(written);
  if ('problem' in read) return read.problem;
  if (set.has(read.key)) return `Duplicate key ${harmless(read.key)} of \`--set\`.`;
  if (set.size === MOST_SET) return `A command can set ${MOST_SET} arguments.`;
  set.set(read.key, read.value);
  return undefined;
}

function unknownFlag(rule: VerbGrammar, name: string): string {
  const near = rule.flags.find((known) => isOneSlip(known.name, name));
  const known = `${harmless(`--${name}`)} is no flag of \`${rule.name}\`.`;
  if (near) return `${known} Did you mean \`--${near.name}\`?`;
  const answer = kfcAnswer(`--${name}`);
  return answer === undefined ? known : `${known} ${answer}`;
}

function valueProblem(flag: FlagRule, value: string | undefined): string | undefined {
  if (!flag.value) return value === undefined ? undefined : `\`--${flag.name}\` takes no value.`;
  if (value === undefined || value === '') return `\`--${flag.name}\` needs a value.`;
  if (flag.value.pattern.test(unquoted(value))) return undefined;
  return `${harmless(value)} cannot be the value of \`--${flag.name}\`. ${flag.value.hint}`;
}

/** Quotes around the whole value, also those that telephones make, are not meant as part of it. */
function unquoted(value: string): string {
  return /^(?:"[^"]*"|'[^']*'|“[^”]*”|‘[^’]*’)$/.test(value) ? value.slice(1, -1) : value;
}
