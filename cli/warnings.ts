import { type Diagnostic, formatDiagnostics } from '../schema/index.js';
import type { Session } from './session.js';

/** Warnings as lines for people, an empty one after them; nothing when there are none. */
export function warningLines({ io, style }: Session, warnings: readonly Diagnostic[]): string[] {
  if (warnings.length === 0) return [];
  return [formatDiagnostics(warnings, { color: style.color, width: io.columns }).trimEnd(), ''];
}
