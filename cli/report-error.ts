import { ConfigError } from '../schema/diagnostic.js';
import { ServiceError, WorkError } from '../schema/errors.js';
import { sentence } from '../schema/sentence.js';
import { escapeTerminal } from '../templates/escape.js';
import { ExitCode } from './exit.js';
import { type Session, say } from './session.js';

/**
 * Tells a person what went wrong and what to do next.
 *
 * @param debug with where an unexpected error comes from
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
  const message = error instanceof Error ? error.message : String(error);
  sayError(
    session,
    `unexpected: ${message}`,
    debug
      ? 'This is a mistake in kfops. Please report it with all of this.'
      : 'This is a mistake in kfops. Please report it with what the same command says with --debug.',
  );
  if (debug && error instanceof Error && error.stack) say(session, session.style.dim(error.stack));
  return ExitCode.Failed;
}

async function reportDiagnostics({ diagnostics }: ConfigError, session: Session): Promise<void> {
  const { diagnosticsText } = await import('./output/diagnostics.js');
  const { formatCount } = await import('../templates/units.js');
  const { style } = session;
  say(session, diagnosticsText(session, diagnostics));
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  const warnings = diagnostics.length - errors;
  const counts = [formatCount(errors, 'error'), ...(warnings > 0 ? [formatCount(warnings, 'warning')] : [])];
  say(session, `\n${style.bold(counts.join(', '))}; \`kfops explain CODE\` says more`);
}

function sayError(session: Session, message: string, nextStep: string | undefined): void {
  const { style } = session;
  const lines = sentence(message).split('\n').map(escapeTerminal);
  say(session, `${style.red(style.bold('error:'))} ${lines.join('\n       ')}`);
  if (nextStep !== undefined) say(session, `  ${style.cyan('→')} ${escapeTerminal(sentence(nextStep))}`);
}
