import type { Style } from '../templates/style.js';
import type { ExitCode } from './exit.js';
import type { Io } from './io.js';

/** One call of the command: what its verbs share. */
export interface Session {
  readonly io: Io;
  /** The arguments, without `node` and the script. */
  readonly argv: readonly string[];
  /** Known once the arguments were read. */
  style: Style;
  exitCode: ExitCode;
}

/** Writes lines for people. */
export function say({ io }: Session, text = ''): void {
  io.stderr.write(`${text}\n`);
}
