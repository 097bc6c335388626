import { Readable, Writable } from 'node:stream';

import type { Io } from '../../../cli/io.js';

/** An {@link Io} that keeps what was written. */
export interface FakeIo extends Io {
  readonly out: () => string;
  readonly err: () => string;
  readonly interrupt: (signal: 'SIGINT' | 'SIGTERM') => void;
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
  return {
    stdin: Readable.from([]),
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    env: {},
    cwd,
    columns,
    interrupted: controller.signal,
    pending: new Set(),
    out: () => written.stdout,
    err: () => written.stderr,
    interrupt: (signal) => {
      controller.abort(signal);
    },
  };
}
