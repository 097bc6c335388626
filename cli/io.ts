import type { Readable, Writable } from 'node:stream';

/** Everything of the world outside that the command touches, so that a test can give it another. */
export interface Io {
  readonly stdin: Readable;
  /** Data: what the next program in a pipe reads. */
  readonly stdout: Writable & { readonly isTTY?: boolean };
  /** Text for people. */
  readonly stderr: Writable & { readonly isTTY?: boolean };
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute; paths of arguments start here. */
  readonly cwd: string;
  /** Width of the terminal; Infinity where there is none. */
  readonly columns: number;
  /** Aborted by Ctrl-C. */
  readonly interrupted: AbortSignal;
  /** Outputs that are being written: an interrupted command ends when they have cleaned up. */
  readonly pending: Set<Promise<unknown>>;
}

/** The {@link Io} of this process. */
export function processIo(): Io {
  const interrupt = new AbortController();
  // The second Ctrl-C meets no listener and ends the process at once.
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      interrupt.abort(signal);
    });
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // The reader has gone (`| head`): nothing is left to say, and nobody to say it to.
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  process.stderr.on('error', (error: NodeJS.ErrnoException) => {
    // Nobody listens, but the work goes on.
    if (error.code !== 'EPIPE') throw error;
  });
  return {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    cwd: process.cwd(),
    columns: columnsOf(process.env, process.stderr),
    interrupted: interrupt.signal,
    pending: new Set(),
  };
}

/** `COLUMNS` where it is set, else what the terminal says. */
function columnsOf(env: NodeJS.ProcessEnv, stream: NodeJS.WriteStream): number {
  const asked = Number(env.COLUMNS);
  if (Number.isInteger(asked) && asked > 0) return asked;
  return stream.isTTY && stream.columns > 0 ? stream.columns : Infinity;
}
