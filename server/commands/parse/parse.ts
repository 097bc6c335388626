import { visibleLines } from './blocks.js';
import { writtenCommand, type Command } from './command.js';
import { readFlags } from './flags.js';
import { usage, VERBS, type VerbRule } from './grammar.js';
import { nearVerb } from './near.js';
import { cleaned, harmless, withoutPunctuation } from './words.js';

/** What {@link parseCommands} is told. */
export interface ParseOptions {
  /** A word before every command: `/kfops` in `/kfops build`. Without it, every command has its own slash. */
  readonly prefix?: string | undefined;
}

/**
 * What a comment asks for: one command, or a problem to be told, or neither. A `problem` is one or two sentences of
 * Markdown; of what was written it holds only letters, digits and `_ . = / -`, as code.
 */
export interface ParsedComment {
  readonly command?: Command;
  readonly problem?: string;
}

/** A slash, or what some keyboards write in its place: full-width, division, fraction. */
const SLASH = /[/\uff0f\u2215\u2044]/;

/** No command is longer. */
const LONGEST_LINE = 500;

/**
 * Reads a comment: a command is a line of its own, and a comment holds one. Lines of code, quotes, lists and HTML are
 * passed over, and so is every command that is not plainly meant for this server. Pure; its time grows with the length
 * of the comment and nothing else.
 */
export function parseCommands(body: string, { prefix }: ParseOptions = {}): ParsedComment {
  const found: ParsedComment[] = [];
  for (const { text, number } of visibleLines(body)) {
    if (!SLASH.test(text)) continue;
    const parsed = parseLine(text, number, prefix?.toLowerCase());
    if (parsed) found.push(parsed);
    if (found.length > 1) {
      return {
        problem: 'A comment holds one command, and this one has several. Write each into its own comment.',
      };
    }
  }
  return found[0] ?? {};
}

function parseLine(line: string, number: number, prefix: string | undefined): ParsedComment | undefined {
  const text = cleaned(line.slice(0, LONGEST_LINE));
  const [first = '', ...rest] = text.split(' ');
  if (!first.startsWith('/') || first === '/') return misplacedSlash(text, number, prefix);
  let verb = first.slice(1).toLowerCase();
  if (prefix !== undefined) {
    if (first.toLowerCase() !== prefix) return undefined;
    verb = (rest.shift() ?? '').toLowerCase();
  }
  const rule = VERBS.find((known) => known.verb === verb);
  if (!rule) return unknown(verb, rest, prefix);
  if (line.length > LONGEST_LINE) {
    return { problem: `This line is too long for a command. ${howTo(rule, prefix)}` };
  }
  return parseRest(rule, rest, number, prefix);
}

/** A command behind another slash, or behind one with a space. With other words it's a sentence. */
function misplacedSlash(text: string, number: number, prefix: string | undefined): ParsedComment | undefined {
  if (!SLASH.test(text.charAt(0))) return undefined;
  const written = text.slice(1).trimStart();
  if (!/^[a-z]/i.test(written)) return undefined;
  const { command } = parseLine(`/${written}`, number, prefix) ?? {};
  const words = written.split(' ').slice(prefix === undefined ? 1 : 2);
  if (!command || words.some((word) => !word.startsWith('--'))) return undefined;
  const meant = writtenCommand(command, prefix);
  return { problem: `A command begins with \`/\`, without a space after it. Did you mean \`${meant}\`?` };
}

/** A word that is no verb: behind the prefix it was meant as one, else only where it is one slip away from one. */
function unknown(
  word: string,
  rest: readonly string[],
  prefix: string | undefined,
): ParsedComment | undefined {
  const near = nearVerb(word);
  if (prefix !== undefined) {
    if (word === '') return { problem: `Which command? \`${prefix} help\` lists them.` };
    if (near !== undefined && withoutPunctuation(word) !== word) return punctuated(`${prefix} ${near}`);
    const hint = near === undefined ? `\`${prefix} help\` lists them` : `Did you mean \`${prefix} ${near}\`?`;
    return { problem: `${harmless(word)} is no command. ${hint.endsWith('?') ? hint : `${hint}.`}` };
  }
  // With words behind it, it is a sentence, or another bot's.
  if (near === undefined || rest.some((other) => !other.startsWith('--'))) return undefined;
  if (withoutPunctuation(word) !== word) return punctuated(`/${near}`);
  return { problem: `${harmless(`/${word}`)} is no command. Did you mean \`/${near}\`?` };
}

function punctuated(meant: string): ParsedComment {
  return { problem: `A command has no punctuation at its end. Did you mean \`${meant}\`?` };
}

function parseRest(
  rule: VerbRule,
  words: readonly string[],
  line: number,
  prefix: string | undefined,
): ParsedComment {
  const { verb } = rule;
  if (rule.anything) return { command: { verb, flags: {}, line } };
  const read = readFlags(rule, words);
  if ('problem' in read) return { problem: `${read.problem} ${howTo(rule, prefix)}` };
  const { flags, others } = read;
  const [argument, ...more] = others;
  const tooMuch = rule.argument ? more[0] : argument;
  if (tooMuch !== undefined) {
    return { problem: `${harmless(tooMuch)} is too much here. ${howTo(rule, prefix)}` };
  }
  if (!rule.argument) return { command: { verb, flags, line } };
  if (argument === undefined || !rule.argument.pattern.test(argument)) {
    return { problem: `\`${verb}\` needs a full commit id. ${rule.argument.hint} ${howTo(rule, prefix)}` };
  }
  return { command: { verb, flags, argument: argument.toLowerCase(), line } };
}

function howTo(rule: VerbRule, prefix: string | undefined): string {
  return `The command is \`${usage(rule, prefix)}\`, on a line of its own.`;
}
