import type { Command } from 'commander';

import { type Style, styleOf } from '../templates/style.js';
import type { ExitCode } from './exit.js';
import type { Io } from './io.js';
import { wantsColor } from './output/color.js';

/** One call of the command: what its verbs share. */
export interface Session {
  readonly io: Io;
  /** The arguments, without `node` and the script. */
  readonly argv: readonly string[];
  /** Of stderr. */
  readonly style: Style;
  exitCode: ExitCode;
  /** The verb with its options, once they are read. */
  command?: Command;
  /** What moves on stderr now, if anything does. */
  picture?: Picture;
}

/** Something on a terminal that is drawn again and again. */
export interface Picture {
  /** Takes it away, so that something else can be written, and draws no more until {@link resume}. */
  pause(): void;
  resume(): void;
}

/** One of the two streams, with the colours and the width of what shows it. */
export interface Printer {
  readonly style: Style;
  /** Infinity where no terminal shows it. */
  readonly columns: number;
  /** Writes lines. */
  readonly print: (text?: string) => void;
}

/** Writes lines to stderr: progress, warnings, hints. */
export function say({ io }: Session, text = ''): void {
  io.stderr.write(`${text}\n`);
}

/** As {@link say}, while something may be drawn there. */
export function sayBetween(session: Session, text: string): void {
  session.picture?.pause();
  say(session, text);
  session.picture?.resume();
}

/** Prints to stderr. */
export function stderrPrinter(session: Session): Printer {
  return {
    style: session.style,
    columns: session.io.columns,
    print: (text) => {
      say(session, text);
    },
  };
}

/** Prints to stdout: the report that a command is for. */
export function stdoutPrinter({ io, argv }: Session): Printer {
  return {
    style: styleOf(wantsColor(io.env, io.stdout, !argv.includes('--no-color'))),
    columns: io.stdoutColumns,
    print: (text = '') => {
      io.stdout.write(`${text}\n`);
    },
  };
}
