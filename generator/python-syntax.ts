import { Worker } from 'node:worker_threads';

/** The path holds in every folder of the first level, and so in the bundle, too. */
const THREAD_FILE = new URL('../generator/python-thread.js', import.meta.url);
/** How long one file may take; what takes longer counts as valid. */
const LONGEST_MS = 30_000;
/** What the parser says of an error in the text. Anything else it may say is about itself. */
const ERROR = /^(?:Unable to format: )?(.+) at byte range (\d+)\.\.(\d+)$/s;

/** The first place where a text is not Python. */
export interface SyntaxProblem {
  readonly message: string;
  /** Offsets in the text. */
  readonly start: number;
  readonly end: number;
}

/** Kept for the next text: to start one takes much longer than to parse. */
let thread: Worker | undefined;
/** What the thread works on is finished before it gets the next text. */
let last: Promise<unknown> = Promise.resolve();

/** Starts the parser, which takes longer than to parse a text: while the text is still being looked for. */
export function startParser(): void {
  thread ??= startThread();
}

/**
 * Parses Python of any version, without running it.
 *
 * @param text - without a byte order mark
 * @returns undefined where it is valid, and where the parser can't tell
 */
export function findSyntaxProblem(text: string): Promise<SyntaxProblem | undefined> {
  const answer = last.then(() => ask(text));
  last = answer.catch(() => undefined);
  return answer.then((said) => problemOf(said, text));
}

/** @returns what the parser says; '' where the text is valid, or the parser fails or takes too long */
function ask(text: string): Promise<string> {
  const worker = (thread ??= startThread());
  return new Promise((resolve, reject) => {
    const answer = (said: string): void => {
      clearTimeout(timer);
      worker.off('message', answer).off('error', giveUp).off('exit', giveUp);
      worker.unref();
      resolve(said);
    };
    const giveUp = (reason?: unknown): void => {
      thread = undefined;
      // Anything but a failure of the parser is one of ours.
      if (reason instanceof Error && !isOfParser(reason)) reject(reason);
      answer('');
      void worker.terminate();
    };
    const timer = setTimeout(giveUp, LONGEST_MS);
    worker.ref();
    worker.on('message', answer).on('error', giveUp).on('exit', giveUp);
    worker.postMessage(text);
  });
}

function startThread(): Worker {
  // The parser prints its own failures. What this process was started with is not for the thread.
  const worker = new Worker(THREAD_FILE, { stdout: true, stderr: true, env: {}, execArgv: [] });
  // A failure between two texts ends the thread, and nothing else; the next text gets another.
  worker.on('error', () => undefined);
  worker.on('exit', () => {
    if (thread === worker) thread = undefined;
  });
  worker.unref();
  return worker;
}

/** A trap of WebAssembly, an overflow of its stack, or too much memory. */
function isOfParser(error: NodeJS.ErrnoException): boolean {
  return ['RuntimeError', 'RangeError'].includes(error.name) || error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}

function problemOf(said: string, text: string): SyntaxProblem | undefined {
  const [, message, start, end] = ERROR.exec(said) ?? [];
  if (message === undefined) return undefined;
  const bytes = Buffer.from(text);
  const offset = (byte: string | undefined): number => bytes.toString('utf8', 0, Number(byte)).length;
  // What is missing at the end is shown at the last line with text.
  const last = text.trimEnd().length;
  return { message, start: Math.min(offset(start), last), end: Math.min(offset(end), last) };
}
