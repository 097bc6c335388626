import type { Diagnostic } from './diagnostic.js';

/** @returns each diagnostic once, by file, line and column; what is about `firstFile` comes first. */
export function sortDiagnostics(diagnostics: readonly Diagnostic[], firstFile: string): Diagnostic[] {
  const unique = new Map(
    diagnostics.map((d) => [JSON.stringify([d.code, d.file, d.line, d.column, d.message]), d] as const),
  );
  const rank = (d: Diagnostic): string => (d.file === firstFile ? '' : (d.file ?? ''));
  return [...unique.values()].sort(
    (a, b) =>
      (rank(a) < rank(b) ? -1 : rank(a) > rank(b) ? 1 : 0) ||
      (a.line ?? 0) - (b.line ?? 0) ||
      (a.column ?? 0) - (b.column ?? 0),
  );
}
