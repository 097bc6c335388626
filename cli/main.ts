import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

import { CommanderError } from 'commander';

import { styleOf } from '../templates/style.js';
import { ExitCode } from './exit.js';
import type { Io } from './io.js';
import { wantsColor } from './output/color.js';
import { createProgram } from './program.js';
import { reportError } from './report-error.js';
import type { Session } from './session.js';
import { separateSetValues } from './set-values.js';

/** The word with which the scripts of `kfops completion` ask which words fit; it is in no help. */
const COMPLETE = '__complete';
/** How long outputs that are being written may take to clean up after Ctrl-C, in milliseconds. */
const CLEAN_UP_MS = 3000;
/** The same for work that cannot be done again: GitHub's answer with an App's keys (15 s), then the cluster's (60 s). */
const UNREPEATABLE_MS = 80_000;

/**
 * The command `kfops`.
 *
 * @param argv - arguments, without `node` and the script
 * @returns the exit code; never throws
 */
export async function main(argv: readonly string[], io: Io): Promise<ExitCode> {
  const style = styleOf(wantsColor(io.env, io.stderr, !argv.includes('--no-color')));
  const session: Session = { io, argv, style, exitCode: ExitCode.Done };
  const stopped = interruption(io);
  const work = execute(argv, session, stopped);
  return Promise.race([work, stopped]);
}

async function execute(
  argv: readonly string[],
  session: Session,
  stopped: Promise<ExitCode>,
): Promise<ExitCode> {
  try {
    const program = createProgram(session);
    // Words that are being typed can be wrong in every way: no parser reads them.
    if (argv[0] === COMPLETE) {
      const { complete } = await import('./completion/complete.js');
      await complete(session, program, argv.slice(1));
      return session.exitCode;
    }
    const words = separateSetValues(argv, (word) => existsSync(resolve(session.io.cwd, word)));
    await program.parseAsync(words, { from: 'user' });
    return session.exitCode;
  } catch (error) {
    // Commander has said what is wrong already; help and version end with 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.Done : ExitCode.Usage;
    // What broke off is not the story; other outputs may still be cleaning up.
    if (session.io.interrupted.aborted) return stopped;
    const debug = argv.includes('--debug') || Boolean(session.io.env.KFOPS_DEBUG);
    return reportError(error, session, debug);
  }
}

/** Ends with Ctrl-C, after whatever was being written has removed its unfinished files. */
async function interruption(io: Io): Promise<ExitCode> {
  await new Promise<void>((resolve) => {
    if (io.interrupted.aborted) resolve();
    else
      io.interrupted.addEventListener(
        'abort',
        () => {
          resolve();
        },
        { once: true },
      );
  });
  await Promise.all([
    settled(io.pending, CLEAN_UP_MS),
    settled(io.unrepeatable, UNREPEATABLE_MS, () => {
      io.stderr.write('Finishing a step that can’t be repeated; Ctrl-C again stops at once.\n');
    }),
  ]);
  io.stderr.write(io.stderr.isTTY === true ? '\r\u001b[KStopped.\n' : 'Stopped.\n');
  return io.interrupted.reason === 'SIGTERM' ? ExitCode.Terminated : ExitCode.Interrupted;
}

/** Waits for work, at most `limitMs`; `onWait` is called where there is any. */
async function settled(
  work: ReadonlySet<Promise<unknown>>,
  limitMs: number,
  onWait?: () => void,
): Promise<void> {
  if (work.size === 0) return;
  onWait?.();
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise((resolve) => (timer = setTimeout(resolve, limitMs)));
  await Promise.race([Promise.allSettled(work), deadline]);
  clearTimeout(timer);
}
