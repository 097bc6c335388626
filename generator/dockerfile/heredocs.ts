import { Expander } from './expander.js';
import { ExpansionError } from './expansion-error.js';

/** A heredoc that an instruction begins. */
export interface Heredoc {
  /** The line that ends it. */
  readonly name: string;
  /** `<<-`: the line that ends it can begin with tabs. */
  readonly isIndented: boolean;
}

const NO_VARIABLES: ReadonlyMap<string, string> = new Map();

/**
 * The heredocs that an instruction begins, in their order.
 *
 * @throws ExpansionError where BuildKit refuses the instruction
 * @see https://github.com/moby/buildkit/blob/v0.22.0/frontend/dockerfile/parser/parser.go
 */
export function heredocsOf(instruction: string): readonly Heredoc[] {
  if (!instruction.includes('<<')) return [];
  return splitWords(instruction).flatMap((word) => parseHeredoc(word) ?? []);
}

/** @returns the heredoc that a word is; undefined: it is something else. */
export function parseHeredoc(word: string): Heredoc | undefined {
  const [, dash, behind = ''] = /^\d*<<(-?)([^<]*)$/.exec(word) ?? [];
  const name = behind.replace(/^[\t\n\f\r ]+/, '');
  if (name === '') return undefined;
  const { words } = new Expander(name, NO_VARIABLES, { unset: true }).read();
  const [first] = words;
  return first === undefined || words.length !== 1 ? undefined : { name: first, isIndented: dash === '-' };
}

/** BuildKit ignores what it can't split: such an instruction has no heredocs. */
function splitWords(instruction: string): readonly string[] {
  try {
    return new Expander(instruction, NO_VARIABLES, { unset: true, quotes: true, escapes: true }).read().words;
  } catch (error) {
    if (error instanceof ExpansionError) return [];
    throw error;
  }
}
