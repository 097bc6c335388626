import type { Readable, Writable } from 'node:stream';

import { diskProblem } from '../stores/disk-errors.js';
import { styleOf } from '../templates/style.js';
import { ExitCode } from './exit.js';
import { wantsColor } from './output/color.js';

/** What a person or a machine ends the command with. */
export type InterruptSignal = 'SIGINT' | 'SIGTERM';

/** Everything of the world outside that the command touches, so that a test can give it another. */
export interface Io {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  /** What a command is for: its report, or data for the next program in a pipe. */
  readonly stdout: Writable & { readonly isTTY?: boolean };
  /** Progress, warnings, errors and hints. */
  readonly stderr: Writable & { readonly isTTY?: boolean };
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute; paths of arguments start here. */
  readonly cwd: string;
  /** Width of the terminal that shows stderr; Infinity where none does. */
  readonly columns: number;
  /** The same of stdout. */
  readonly stdoutColumns: number;
  /** Aborted by Ctrl-C. */
  readonly interrupted: AbortSignal;
  /**
   * Takes Ctrl-C over: until the function that it returns is called, `handler` is called, and nothing is aborted. One
   * at a time.
   */
  readonly takeInterrupts: (handler: (signal: InterruptSignal) => void) => () => void;
  /** Outputs that are being written: an interrupted command ends when they have cleaned up. */
  readonly pending: Set<Promise<unknown>>;
  /** Work that cannot be done again, such as storing keys that are given once: an interrupted command waits longer. */
  readonly unrepeatable: Set<Promise<unknown>>;
}

/** The {@link Io} of this process. */
export function processIo(): Io {
  const interrupt = new AbortController();
  let taken: ((signal: InterruptSignal) => void) | undefined;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    const listener = (): void => {
      if (taken) {
        taken(signal);
        return;
      }
      // The second Ctrl-C meets no listener and ends the process at once.
      process.removeListener(signal, listener);
      interrupt.abort(signal);
    };
    process.on(signal, listener);
  }
  endOnLostOutput();
  return {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    cwd: process.cwd(),
    columns: columnsOf(process.env, process.stderr),
    stdoutColumns: columnsOf(process.env, process.stdout),
    interrupted: interrupt.signal,
    takeInterrupts: (handler) => {
      taken = handler;
      return () => (taken = undefined);
    },
    pending: new Set(),
    unrepeatable: new Set(),
  };
}

/** Ends the process where stdout takes no more. Where stderr does not, the work continues unseen. */
function endOnLostOutput(): void {
  const { stdout, stderr } = process;
  stderr.on('error', () => undefined);
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    // The reader has gone (`| head`): nothing is left to say, and nobody to say it to.
    if (error.code === 'EPIPE') process.exit(ExitCode.Done);
    const { red, bold } = styleOf(wantsColor(process.env, stderr, !process.argv.includes('--no-color')));
    stderr.write(`${red(bold('error:'))} Cannot write to standard output: ${diskProblem(error).why}.\n`);
    process.exit(ExitCode.Failed);
  });
}

/** `COLUMNS` where it is set, else what the terminal says. */
function columnsOf(env: NodeJS.ProcessEnv, stream: NodeJS.WriteStream): number {
  const asked = Number(env.COLUMNS);
  if (Number.isInteger(asked) && asked > 0) return asked;
  return stream.isTTY && stream.columns > 0 ? stream.columns : Infinity;
}
