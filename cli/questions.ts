import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

import { escapeTerminal } from '../templates/escape.js';
import { wrapLines } from '../templates/wrap.js';

/** A person at a terminal. */
export interface Person {
  readonly input: Readable;
  readonly output: Writable;
  readonly signal: AbortSignal;
  /** Width of the terminal; absent: any. */
  readonly columns?: number;
}

/**
 * Asks one question, again until the answer is right.
 *
 * @param proposed - what an empty answer means, and the end of the input; '' where nothing is proposed
 * @param check - what is wrong with an answer, as a sentence; undefined where it is right
 */
export type Ask = (
  question: string,
  proposed: string,
  check: (answer: string) => string | undefined | Promise<string | undefined>,
) => Promise<string>;

/**
 * Asks whether to do something; `y` and `n` are answers, too.
 *
 * @param proposed - what an empty answer means
 */
export async function askYesNo(ask: Ask, question: string, proposed: 'yes' | 'no'): Promise<boolean> {
  const answer = await ask(`${question} yes/no`, proposed, (text) =>
    /^(?:y|yes|n|no)$/i.test(text) ? undefined : 'Answer yes or no.',
  );
  return /^y/i.test(answer);
}

/** Asks a person, until `work` is done or Ctrl-C ends it. */
export async function withQuestions<T>(
  { input, output, signal, columns = Infinity }: Person,
  work: (ask: Ask) => Promise<T>,
): Promise<T> {
  // Not as a terminal: Ctrl-C stays the signal that it is for the rest of the command.
  const lines = createInterface({ input, terminal: false });
  // Keeps lines that come before their question, where `question` would lose them.
  const answers: AsyncIterator<string, undefined> = lines[Symbol.asyncIterator]();
  const close = (): void => {
    lines.close();
  };
  signal.addEventListener('abort', close);
  const ask: Ask = async (question, proposed, check) => {
    for (;;) {
      const text = `${question}${proposed === '' ? '' : ` [${escapeTerminal(proposed)}]`}:`;
      output.write(`${wrapLines(text, columns - 1)} `);
      const line = await answers.next();
      signal.throwIfAborted();
      if (line.done) output.write('\n');
      const answer = line.done ? '' : line.value.trim();
      if (answer === '' && (proposed !== '' || line.done)) return proposed;
      const wrong = await check(answer);
      if (wrong === undefined) return answer;
      output.write(`${wrapLines(`  ${escapeTerminal(wrong)}`, columns)}\n`);
    }
  };
  try {
    return await work(ask);
  } finally {
    signal.removeEventListener('abort', close);
    lines.close();
  }
}
