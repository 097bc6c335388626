import type { Command } from 'commander';

import { escapeTerminal } from '../../templates/escape.js';
import type { Session } from '../session.js';
import { answersFor } from './answers.js';
import { wordSources } from './sources.js';
import { typedLine } from './words.js';

/** Longest text next to a word. */
const TEXT_LENGTH = 100;

/**
 * Prints what fits at the cursor: lines with a word, a tab and its description, then a line `:files`, `:folders` or `:`.
 *
 * @param args - `BREAKS -- WORD…`: the characters at which the shell splits words, and the words after `kfops` up to the
 * cursor
 */
export async function complete(session: Session, program: Command, args: readonly string[]): Promise<void> {
  const [breaks = '', , ...words] = args;
  const line = typedLine(words, breaks);
  const { answers, paths = '' } = await answersFor(program, line, wordSources(session));
  const lines = answers.map(({ word, text }) => `${word.slice(line.kept)}\t${oneLine(text)}`);
  session.io.stdout.write(`${[...lines, `:${paths}`].join('\n')}\n`);
}

function oneLine(text: string): string {
  const plain = escapeTerminal(text.replaceAll(/\s+/g, ' '));
  return plain.length > TEXT_LENGTH ? `${plain.slice(0, TEXT_LENGTH - 1)}…` : plain;
}
