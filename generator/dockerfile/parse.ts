import { endWithoutSpace, isBlank, skipSpace } from './characters.js';
import type { Argument, Dockerfile, Instruction, Stage, SyntaxProblem, Word } from './dockerfile.js';
import { ExpansionError } from './expansion-error.js';
import { readFlags } from './flags.js';
import { heredocsOf, type Heredoc } from './heredocs.js';
import { LogicalLine } from './logical-line.js';
import { LineReader } from './physical-lines.js';
import { splitAtBlanks, splitQuoted } from './split-words.js';

/** Instructions that heredocs can follow. */
const WITH_HEREDOCS = new Set(['ADD', 'COPY', 'RUN']);
/** Instructions whose words can be a JSON array. */
const WITH_JSON = new Set(['ADD', 'COPY', 'CMD', 'ENTRYPOINT', 'RUN', 'SHELL', 'VOLUME']);

/**
 * Reads a Dockerfile as Kaniko 1.24 does, with BuildKit's parser. Never throws: what the parser refuses is in
 * `problems`.
 *
 * @see https://github.com/moby/buildkit/blob/v0.22.0/frontend/dockerfile/parser/parser.go
 */
export function parseDockerfile(text: string): Dockerfile {
  const problems: SyntaxProblem[] = [];
  const report = (message: string, hint: string, start: number, end: number): void => {
    problems.push({ message, hint, start, end });
  };
  const reader = new LineReader(text, report);
  const instructions: Instruction[] = [];
  for (let line = reader.instruction(); line; line = reader.instruction()) {
    const instruction = readInstruction(line, 0, reader.escape);
    const heredocs = heredocsBehind(line, instruction, report);
    instructions.push({ ...instruction, heredocs: heredocs.length });
    for (const { name, isIndented } of heredocs) {
      if (skipHeredoc(reader, name, isIndented)) continue;
      const { start, end } = instruction.place;
      report(`the heredoc \`${name}\` has no end`, `End it with a line that is only \`${name}\``, start, end);
    }
  }
  const { globalArguments, stages } = inStages(instructions);
  return { text, escape: reader.escape, instructions, globalArguments, stages, problems };
}

/** @param from - index of its keyword, or of white space in front of it */
function readInstruction(line: LogicalLine, from: number, escape: string): Instruction {
  const { text } = line;
  const start = skipSpace(text, from);
  const last = endWithoutSpace(text, start);
  let end = start;
  while (end < last && !isBlank(text.charAt(end))) end++;
  const place = line.word(start, end);
  const { flags, end: behindFlags } = readFlags(line, end, escape);
  const begin = Math.min(skipSpace(text, behindFlags), last);
  const keyword = place.text.toUpperCase();
  const rest = line.word(begin, Math.max(begin, last));
  const strings = WITH_JSON.has(keyword) ? jsonStrings(rest.text) : undefined;
  const split = keyword === 'ARG' || keyword === 'ENV' ? splitQuoted : splitAtBlanks;
  return {
    keyword,
    place,
    flags,
    rest,
    words: strings?.map((string) => ({ ...rest, text: string })) ?? split(line, begin, last, escape),
    isJson: strings !== undefined,
    heredocs: 0,
  };
}

function jsonStrings(text: string): readonly string[] | undefined {
  if (!text.startsWith('[')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((part) => typeof part === 'string') ? value : undefined;
  } catch {
    return undefined;
  }
}

function heredocsBehind(
  line: LogicalLine,
  instruction: Instruction,
  report: (message: string, hint: string, start: number, end: number) => void,
): readonly Heredoc[] {
  const carrier = instruction.keyword === 'ONBUILD' ? onBuildTrigger(instruction) : instruction;
  if (!WITH_HEREDOCS.has(carrier.keyword) || carrier.isJson) return [];
  try {
    return heredocsOf(line.text);
  } catch (error) {
    if (!(error instanceof ExpansionError)) throw error;
    const { start, end } = instruction.place;
    report(`the name of a heredoc isn't valid: ${error.message}`, 'Use a word such as `EOF`', start, end);
    return [];
  }
}

/** The instruction that an `ONBUILD` keeps for later. */
function onBuildTrigger({ rest }: Instruction): Pick<Instruction, 'keyword' | 'isJson'> {
  const line = new LogicalLine();
  line.append(rest.text, 0);
  return readInstruction(line, 0, '\\');
}

/** @returns whether the heredoc's end was found. */
function skipHeredoc(reader: LineReader, name: string, isIndented: boolean): boolean {
  for (let line = reader.physical(); line; line = reader.physical()) {
    if ((isIndented ? line.text.replace(/^\t+/, '') : line.text) === name) return true;
  }
  return false;
}

function inStages(instructions: readonly Instruction[]): Pick<Dockerfile, 'globalArguments' | 'stages'> {
  const globalArguments: Argument[] = [];
  const stages: (Stage & { instructions: Instruction[] })[] = [];
  for (const instruction of instructions) {
    const stage = stages.at(-1);
    if (instruction.keyword === 'FROM') stages.push(stageOf(instruction, stages.length));
    else if (stage) stage.instructions.push(instruction);
    else if (instruction.keyword === 'ARG') globalArguments.push(...instruction.words.map(argumentOf));
  }
  return { globalArguments, stages };
}

function stageOf(from: Instruction, index: number): Stage & { instructions: Instruction[] } {
  const [base = from.rest, as, name] = from.words;
  const isNamed = as?.text.toUpperCase() === 'AS' && name !== undefined;
  return { index, ...(isNamed && { name: name.text.toLowerCase() }), from, base, instructions: [] };
}

/** @returns an argument as a word of `ARG` declares it. */
export function argumentOf({ text, start, end }: Word): Argument {
  const equals = text.indexOf('=');
  return equals < 0
    ? { name: text, start, end }
    : { name: text.slice(0, equals), value: text.slice(equals + 1), start, end };
}
