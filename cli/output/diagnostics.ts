import type { Diagnostic } from '../../schema/diagnostic.js';
import { formatDiagnostics } from '../../schema/format.js';
import type { Session } from '../session.js';
import { formatCount } from '../../templates/units.js';

/** More than this many are seldom read: one mistake in a file of many images is often there many times. */
const SHOWN = 50;

/** Diagnostics for a person, without a line break at the end; empty when there are none. */
export function diagnosticsText({ io, style }: Session, diagnostics: readonly Diagnostic[]): string {
  // Without a terminal there is no width to keep to.
  const width = Number.isFinite(io.columns) ? { width: io.columns } : {};
  const shown = diagnostics.length > SHOWN + 1 ? diagnostics.slice(0, SHOWN) : diagnostics;
  const text = formatDiagnostics(shown, { color: style.color, ...width }).trimEnd();
  const more = diagnostics.length - shown.length;
  return more === 0 ? text : `${text}\n\n… and ${formatCount(more, 'more', 'more')}`;
}
