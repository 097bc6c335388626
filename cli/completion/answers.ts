import type { Argument, Command, Option } from 'commander';

import { DIAGNOSTIC_CODES } from '../../schema/codes.js';
import { LAST_STEPS, LATEST } from '../workflow-argument.js';
import type { TypedLine } from './words.js';

/** A word that fits. */
export interface Answer {
  readonly word: string;
  /** What it is, for shells that show it. */
  readonly text: string;
}

/** What fits at the cursor. */
export interface Answers {
  readonly answers: readonly Answer[];
  /** What of the file system fits too. */
  readonly paths?: 'files' | 'folders';
}

/** Where words come from that aren't in the program itself. */
export interface WordSources {
  /** Names of the images in the configuration. */
  images(): readonly string[];
  /** The latest workflows. `options` are the values of the options typed so far, by the option's long form. */
  workflows(options: ReadonlyMap<string, string>): Promise<readonly Answer[]>;
}

/** The words that fit at the cursor of a command line, each whole. */
export async function answersFor(program: Command, line: TypedLine, sources: WordSources): Promise<Answers> {
  const { answers, paths } = await candidates(program, line, sources);
  return {
    answers: answers.filter(({ word }) => word.startsWith(line.current) && SAFE.test(word)),
    ...(paths && { paths }),
  };
}

/** Anything else would have to be quoted, which is not worth it: names in a configuration are hostile. */
const SAFE = /^[\w@%+=:,./-]+$/;

async function candidates(
  program: Command,
  { before, current }: TypedLine,
  sources: WordSources,
): Promise<Answers> {
  const at = before.findIndex((word) => !word.startsWith('-'));
  if (at === -1) return { answers: current.startsWith('-') ? optionsOf([program]) : commandsOf(program) };
  const command = program.commands.find((each) => each.name() === before[at]);
  if (command === undefined) return { answers: [] };
  const { options, operands, open, isEnded } = readWords(command, before.slice(at + 1));
  if (open) return valuesOf(open, '');
  if (!isEnded && current.startsWith('-')) {
    const [name = '', value] = current.split('=', 2);
    const option = command.options.find(({ long }) => long === name);
    if (value === undefined || !option?.required) return { answers: optionsOf([command, program]) };
    return valuesOf(option, `${name}=`);
  }
  const { registeredArguments: known } = command;
  const last = known.at(-1);
  const argument = known[operands.length] ?? (last?.variadic ? last : undefined);
  if (argument === undefined) return { answers: [] };
  return operandsOf(program, command, argument, options, sources);
}

interface ReadWords {
  readonly options: ReadonlyMap<string, string>;
  readonly operands: readonly string[];
  /** The option whose value comes next. */
  readonly open?: Option;
  /** After `--`, all words are operands. */
  readonly isEnded: boolean;
}

function readWords(command: Command, words: readonly string[]): ReadWords {
  const options = new Map<string, string>();
  const operands: string[] = [];
  let open: Option | undefined;
  let isEnded = false;
  for (const word of words) {
    if (open) {
      options.set(open.long ?? '', word);
      open = undefined;
    } else if (isEnded || !word.startsWith('-')) operands.push(word);
    else if (word === '--') isEnded = true;
    else {
      const [name = '', ...value] = word.split('=');
      const option = command.options.find(({ short, long }) => name === short || name === long);
      if (option?.required && value.length === 0) open = option;
      else options.set(name, value.join('='));
    }
  }
  return { options, operands, isEnded, ...(open && { open }) };
}

function valuesOf({ argChoices, flags }: Option, prefix: string): Answers {
  const answers = (argChoices ?? []).map((choice) => ({ word: `${prefix}${choice}`, text: '' }));
  if (flags.endsWith(' <DIR>')) return { answers, paths: 'folders' };
  return { answers, ...(/ <(?:FILE|PATH)>$/.test(flags) && { paths: 'files' }) };
}

async function operandsOf(
  program: Command,
  command: Command,
  argument: Argument,
  options: ReadonlyMap<string, string>,
  sources: WordSources,
): Promise<Answers> {
  const images = (): Answer[] => sources.images().map((word) => ({ word, text: 'image' }));
  switch (argument.name()) {
    case 'NAME': {
      const latest = { word: LATEST, text: 'the newest workflow of this repository' };
      return { answers: [latest, ...(await sources.workflows(options))] };
    }
    case 'IMAGE':
      return {
        answers: [
          ...images(),
          ...(command.name() === 'logs' ? LAST_STEPS.map((word) => ({ word, text: 'step' })) : []),
        ],
      };
    case 'DIR': {
      const takesImages = command.registeredArguments.at(-1)?.name() === 'IMAGE';
      return { answers: takesImages ? images() : [], paths: 'folders' };
    }
    case 'PAYLOAD':
      return { answers: [], paths: 'files' };
    case 'COMMAND':
      return { answers: commandsOf(program) };
    case 'CODE':
      return { answers: Object.entries(DIAGNOSTIC_CODES).map(([word, text]) => ({ word, text })) };
    default:
      return { answers: (argument.argChoices ?? []).map((word) => ({ word, text: '' })) };
  }
}

function commandsOf(program: Command): Answer[] {
  return program.commands.map((command) => ({ word: command.name(), text: command.description() }));
}

/** The options of a command and its program, which share `--help`. */
function optionsOf(commands: readonly Command[]): Answer[] {
  const all = commands.flatMap((command) =>
    command
      .createHelp()
      .visibleOptions(command)
      .flatMap(({ long, short, description }) => {
        const word = long ?? short;
        return word === undefined ? [] : [{ word, text: description }];
      }),
  );
  return [...new Map(all.map((answer) => [answer.word, answer])).values()];
}
