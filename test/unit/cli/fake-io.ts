import { Readable, Writable } from 'node:stream';

import type { InterruptSignal, Io } from '../../../cli/io.js';

/** An {@link Io} that keeps what was written. */
export interface FakeIo extends Io {
  readonly out: () => string;
  readonly err: () => string;
  readonly interrupt: (signal: InterruptSignal) => void;
}

export function fakeIo(options: { cwd?: string; tty?: boolean; columns?: number } = {}): FakeIo {
  const { cwd = process.cwd(), tty = false, columns = Infinity } = options;
  const written = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof written): Io['stdout'] =>
    Object.assign(
      new Writable({
        write: (chunk: Buffer, _encoding, done) => {
          written[name] += chunk.toString();
          done();
        },
      }),
      { isTTY: tty },
    );
  const controller = new AbortController();
  let taken: ((signal: InterruptSignal) => void) | undefined;
  return {
    stdin: Readable.from([]),
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    env: {},
    cwd,
    columns,
    stdoutColumns: columns,
    interrupted: controller.signal,
    takeInterrupts: (handler) => {
      taken = handler;
      return () => (taken = undefined);
    },
    pending: new Set(),
    unrepeatable: new Set(),
    out: () => written.stdout,
    err: () => written.stderr,
    interrupt: (signal) => {
      if (taken) taken(signal);
      else controller.abort(signal);
    },
  };
}
