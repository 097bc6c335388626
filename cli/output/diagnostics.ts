import type { Diagnostic } from '../../schema/diagnostic.js';
import { formatDiagnostics } from '../../schema/format.js';
import { formatCount } from '../../templates/units.js';
import type { Printer } from '../session.js';

/** More than this many are seldom read: one mistake in a file of many images is often there many times. */
const SHOWN = 50;

/** How a text is fitted to the stream that it goes to. */
type Fit = Pick<Printer, 'style' | 'columns'>;

/** Diagnostics for a person, without a line break at the end; empty when there are none. */
export function diagnosticsText({ columns, style }: Fit, diagnostics: readonly Diagnostic[]): string {
  // Without a terminal there is no width to keep to.
  const width = Number.isFinite(columns) ? { width: columns } : {};
  const shown = diagnostics.length > SHOWN + 1 ? diagnostics.slice(0, SHOWN) : diagnostics;
  const text = formatDiagnostics(shown, { color: style.color, ...width }).trimEnd();
  const more = diagnostics.length - shown.length;
  return more === 0 ? text : `${text}\n\n… and ${formatCount(more, 'more', 'more')}`;
}

/** Diagnostics with errors among them, and how many there are. */
export function errorsText(fit: Fit, diagnostics: readonly Diagnostic[]): string {
  return `${diagnosticsText(fit, diagnostics)}\n\n${countText(fit, diagnostics)}`;
}

/** The last line below errors. */
export function countText({ style }: Fit, diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  const warnings = diagnostics.length - errors;
  const counts = [formatCount(errors, 'error'), ...(warnings > 0 ? [formatCount(warnings, 'warning')] : [])];
  return `${style.bold(counts.join(', '))}; \`kfops explain CODE\` says more`;
}
