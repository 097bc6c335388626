import type { Diagnostic } from '../../schema/diagnostic.js';
import { formatDiagnostics } from '../../schema/format.js';
import type { Session } from '../session.js';

/** Diagnostics for a person, without a line break at the end; empty when there are none. */
export function diagnosticsText({ io, style }: Session, diagnostics: readonly Diagnostic[]): string {
  // Without a terminal there is no width to keep to.
  const width = Number.isFinite(io.columns) ? { width: io.columns } : {};
  return formatDiagnostics(diagnostics, { color: style.color, ...width }).trimEnd();
}
