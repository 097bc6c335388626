import { ConfigError } from '../schema/diagnostic.js';
import { ServiceError, WorkError } from '../schema/errors.js';
import { sentence } from '../schema/sentence.js';
import { refusedCall } from '../stores/disk-errors.js';
import { escapeTerminal } from '../templates/escape.js';
import { ExitCode } from './exit.js';
import { completeCommands, completeHints } from './invocation.js';
import { type Session, say, stderrPrinter } from './session.js';

/**
 * Tells a person what went wrong and what to do next.
 *
 * @param debug - with where an unexpected error comes from
 */
export async function reportError(error: unknown, session: Session, debug: boolean): Promise<ExitCode> {
  if (error instanceof ConfigError) {
    await reportDiagnostics(error, session);
    return ExitCode.Usage;
  }
  if (error instanceof ServiceError) {
    sayError(session, error.message, error.nextStep);
    return ExitCode.Unavailable;
  }
  if (error instanceof WorkError) {
    sayError(session, error.message, error.nextStep);
    return ExitCode.Failed;
  }
  const call = refusedCall(error);
  if (call !== undefined) {
    sayError(
      session,
      `the operating system refused ${call}`,
      'Check that file, your permissions and the disk.',
    );
    sayStack(error, session, debug);
    return ExitCode.Failed;
  }
  const message = error instanceof Error ? error.message : String(error);
  sayError(
    session,
    `unexpected: ${message}`,
    debug
      ? 'This is a bug in kfops. Report it with all of this output.'
      : 'This is a bug in kfops. Report it with the output of the same command with --debug.',
  );
  sayStack(error, session, debug);
  return ExitCode.Failed;
}

function sayStack(error: unknown, session: Session, debug: boolean): void {
  if (debug && error instanceof Error && error.stack) say(session, session.style.dim(error.stack));
}

async function reportDiagnostics({ diagnostics }: ConfigError, session: Session): Promise<void> {
  const { errorsText } = await import('./output/diagnostics.js');
  say(session, errorsText(stderrPrinter(session), completeHints(session, diagnostics)));
}

function sayError(session: Session, message: string, nextStep: string | undefined): void {
  const { style } = session;
  const lines = sentence(message).split('\n').map(escapeTerminal);
  say(session, `${style.red(style.bold('error:'))} ${lines.join('\n       ')}`);
  if (nextStep !== undefined)
    say(session, `  ${style.cyan('→')} ${escapeTerminal(completeCommands(session, sentence(nextStep)))}`);
}
