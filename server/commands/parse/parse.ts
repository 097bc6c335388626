import { writtenCommand, type Command } from './command.js';
import { commentLines, type CommentLine, type SkipReason } from './comment-lines.js';
import { readFlags } from './flags.js';
import { usage, type ArgumentRule, type VerbGrammar } from './grammar.js';
import { nearVerb } from './near.js';
import { splitWords, type SplitLine } from './split-words.js';
import { cleaned, harmless, withoutPunctuation } from './words.js';

/** Options of {@link parseCommands}. */
export interface ParseOptions {
  /** A word before every command: `/kfops` in `/kfops build`. Without it, every command has its own slash. */
  readonly prefix?: string | undefined;
}

/**
 * What a comment asks for: one command, or a problem to be told, or neither. Problems and hints are one or two sentences
 * of Markdown; of what was written they hold only letters, digits and `_ . = / -`, as code.
 */
export interface ParsedComment {
  readonly command?: Command;
  readonly problem?: string;
  /** Why a command was skipped that the author probably meant; only where there is no command and no problem. */
  readonly hint?: string;
  /** The first lines that look like commands but aren't; absent if there is no such line. */
  readonly skipped?: readonly SkippedCommand[];
}

/** A line that looks like a command but isn't. */
export interface SkippedCommand {
  /** As `writtenCommand` writes it, without `--set`; without all flags if they can't be parsed. */
  readonly written: string;
  /** From 1. */
  readonly line: number;
  readonly reason: SkipReason;
}

/** The verbs to look for, and the prefix before them. */
interface Grammar {
  readonly verbs: readonly VerbGrammar[];
  /** In lower case. */
  readonly prefix: string | undefined;
}

/** A slash, or what some keyboards write in its place: full-width, division, fraction. */
const SLASH = /[/\uff0f\u2215\u2044]/;

/** No command is longer. */
const LONGEST_LINE = 500;

/** Names of images in a command: as many as the record of a build keeps. */
const MOST_NAMES = 20;

/** Skipped commands that are remembered. */
const MOST_SKIPPED = 10;

/** Without a hint: a quote is somebody else's command, and an HTML comment was hidden on purpose. */
const NO_HINT: ReadonlySet<SkipReason> = new Set<SkipReason>(['quoted', 'in an HTML comment']);

/**
 * Reads a comment: a command is a line of its own, and a comment holds one. Lines in code and HTML comments, quotes and
 * lists are skipped, and so is every command that is not plainly meant for this server. Pure; its time grows with the
 * length of the comment and nothing else.
 */
export function parseCommands(
  body: string,
  verbs: readonly VerbGrammar[],
  { prefix }: ParseOptions = {},
): ParsedComment {
  const grammar: Grammar = { verbs, prefix: prefix?.toLowerCase() };
  const skipped: SkippedCommand[] = [];
  let found: ParsedComment | undefined;
  let hint: string | undefined;
  for (const line of commentLines(body)) {
    if (!SLASH.test(line.text)) continue;
    if (line.skip) {
      if (skipped.length >= MOST_SKIPPED && hint !== undefined) continue;
      const { command, isWhole } = skippedCommand(line, line.skip, grammar) ?? {};
      if (!command) continue;
      if (skipped.length < MOST_SKIPPED) skipped.push(command);
      if (isWhole && !NO_HINT.has(line.skip))
        hint ??= `\`${command.written}\` is ${line.skip}, so it wasn't run.`;
      continue;
    }
    const parsed = parseLine(line.text, line.number, grammar);
    if (parsed && found) {
      found = {
        problem: 'A comment holds one command, and this one has several. Write each into its own comment.',
      };
      break;
    }
    found ??= parsed;
  }
  return { ...(found ?? (hint !== undefined && { hint })), ...(skipped.length > 0 && { skipped }) };
}

/** @returns the command that a skipped line would be; `isWhole`: no word of it is wrong, unnecessary, or just any word */
function skippedCommand(
  { text, number }: CommentLine,
  reason: SkipReason,
  grammar: Grammar,
): { readonly command: SkippedCommand; readonly isWhole: boolean } | undefined {
  const found = split(text, grammar);
  const rule = grammar.verbs.find(({ name }) => name === found?.verb);
  if (!rule || !found) return undefined;
  const { words } = found;
  const { command } = parseRest(rule, found, number, grammar);
  const isWhole =
    command !== undefined &&
    // With words that could be names, it may well be a sentence.
    command.images === undefined &&
    text.length <= LONGEST_LINE &&
    !(rule.ignoresRest && words.length > 0);
  const written = writtenCommand(
    command ? withoutSet(command) : { verb: rule.name, flags: {} },
    grammar.prefix,
  );
  return { command: { written, line: number, reason }, isWhole };
}

/** @returns the word where a verb must be, in lower case, and those after it; undefined where there's no slash or prefix */
function split(text: string, { prefix }: Grammar): (SplitLine & { readonly verb: string }) | undefined {
  const line = splitWords(text.slice(0, LONGEST_LINE));
  const [first = '', ...words] = line.words;
  if (!first.startsWith('/')) return undefined;
  if (prefix === undefined) return { ...line, verb: first.slice(1).toLowerCase(), words };
  if (first.toLowerCase() !== prefix) return undefined;
  return { ...line, verb: (words.shift() ?? '').toLowerCase(), words };
}

function parseLine(line: string, number: number, grammar: Grammar): ParsedComment | undefined {
  const text = cleaned(line.slice(0, LONGEST_LINE));
  if (!text.startsWith('/') || text === '/' || text.startsWith('/ '))
    return misplacedSlash(text, number, grammar);
  const found = split(line, grammar);
  if (!found) return undefined;
  const { verb, words } = found;
  const rule = grammar.verbs.find(({ name }) => name === verb);
  if (!rule) return unknown(verb, words, grammar);
  if (line.length > LONGEST_LINE) return tooLong(line.length, rule, grammar);
  const parsed = parseRest(rule, found, number, grammar);
  // It's written again for a retry, with quotes that may be longer.
  const length = parsed.command === undefined ? 0 : writtenCommand(parsed.command, grammar.prefix).length;
  return length > LONGEST_LINE ? tooLong(length, rule, grammar) : parsed;
}

/** Values of `--set` can be any text: no message repeats them. */
function withoutSet(command: Command): Command {
  const flags = Object.entries(command.flags).filter(([name]) => name !== 'set');
  return { ...command, flags: Object.fromEntries(flags) };
}

function tooLong(length: number, rule: VerbGrammar, grammar: Grammar): ParsedComment {
  return {
    problem: `This line is too long for a command: ${length} characters, and the limit is ${LONGEST_LINE}. ${howTo(rule, grammar)}`,
  };
}

/** A command behind another slash, or behind one with a space. With other words it's a sentence. */
function misplacedSlash(text: string, number: number, grammar: Grammar): ParsedComment | undefined {
  if (!SLASH.test(text.charAt(0))) return undefined;
  const written = text.slice(1).trimStart();
  if (!/^[a-z]/i.test(written)) return undefined;
  const { command } = parseLine(`/${written}`, number, grammar) ?? {};
  const words = written.split(' ').slice(grammar.prefix === undefined ? 1 : 2);
  if (!command || words.some((word) => !word.startsWith('--'))) return undefined;
  const meant = writtenCommand(withoutSet(command), grammar.prefix);
  return { problem: `A command begins with \`/\`, without a space after it. Did you mean \`${meant}\`?` };
}

/** A word that is no verb: behind the prefix it was meant as one, else only where it is one slip away from one. */
function unknown(
  word: string,
  rest: readonly string[],
  { verbs, prefix }: Grammar,
): ParsedComment | undefined {
  const near = nearVerb(word, verbs);
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
  rule: VerbGrammar,
  { words, isUnclosed }: SplitLine,
  line: number,
  grammar: Grammar,
): Pick<ParsedComment, 'command' | 'problem'> {
  const { name: verb } = rule;
  if (rule.ignoresRest) return { command: { verb, flags: {}, ...argumentAmong(rule, words), line } };
  const parts = readFlags(rule, words);
  if ('problem' in parts) return { problem: `${parts.problem} ${howTo(rule, grammar)}` };
  if (isUnclosed)
    return {
      problem: `A quote or a backslash at the end of \`--set\` is open. Close it. ${howTo(rule, grammar)}`,
    };
  const { flags, others } = parts;
  if (rule.names) return withNames(rule, { verb, flags, line }, others, grammar);
  const [argument, ...more] = others;
  const unexpected = rule.argument ? more[0] : argument;
  if (unexpected !== undefined) {
    return { problem: `Unexpected argument ${harmless(unexpected)}. ${howTo(rule, grammar)}` };
  }
  if (!rule.argument || (argument === undefined && rule.argument.optional))
    return { command: { verb, flags, line } };
  const { what, hint } = rule.argument;
  const read = argumentOf(rule.argument, argument);
  if (read === undefined) return { problem: `\`${verb}\` needs ${what}. ${hint} ${howTo(rule, grammar)}` };
  return { command: { verb, flags, argument: read, line } };
}

function argumentOf({ pattern, caseMatters }: ArgumentRule, word = ''): string | undefined {
  if (!pattern.test(word)) return undefined;
  return caseMatters ? word : word.toLowerCase();
}

/** The first word of those that are never wrong, if it can be the argument: `/help build` and `/help /build`. */
function argumentAmong({ argument }: VerbGrammar, [word = '']: readonly string[]): { argument?: string } {
  const read = argument && argumentOf(argument, withoutPunctuation(word).replace(SLASH, ''));
  return read === undefined ? {} : { argument: read };
}

/** A command with names behind it. Their order and repetitions mean nothing. */
function withNames(
  rule: VerbGrammar,
  command: Command,
  words: readonly string[],
  grammar: Grammar,
): Pick<ParsedComment, 'command' | 'problem'> {
  const { names } = rule;
  if (!names || words.length === 0) return { command };
  const wrong = words.find((word) => !names.pattern.test(word));
  if (wrong !== undefined)
    return { problem: `Unexpected argument ${harmless(wrong)}. ${names.hint} ${howTo(rule, grammar)}` };
  const images = [...new Set(words)].sort();
  if (images.length > MOST_NAMES)
    return { problem: `A command can name ${MOST_NAMES} images. Without names, it is about all images.` };
  return { command: { ...command, images } };
}

function howTo(rule: VerbGrammar, { prefix }: Grammar): string {
  return `The command is \`${usage(rule, prefix)}\`, on a line of its own.`;
}
