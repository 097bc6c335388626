import type { DiagnosticCode } from './codes.js';

/** One thing that is wrong (or doubtful) in a file that a person wrote. */
export interface Diagnostic {
  /** Stable name of the rule; `docs/errors.md` explains each. */
  readonly code: DiagnosticCode;
  readonly severity: 'error' | 'warning';
  /** One sentence: what is wrong. */
  readonly message: string;
  /** The file as the user knows it: relative to the repository's root, or an argument such as `--set a.b`. */
  readonly file?: string;
  /** From 1. */
  readonly line?: number;
  /** From 1, in UTF-16 units as editors count. */
  readonly column?: number;
  /** How many characters the caret underlines; at least 1. */
  readonly length?: number;
  /** The source line that `line` names, without its end. */
  readonly excerpt?: string;
  /** What to do about it. */
  readonly hint?: string;
}

/** The input cannot be used: wrong configuration or wrong usage. Holds everything that was found, not just the first. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(
    /** All that was found, errors and warnings, in the order of the file. */
    readonly diagnostics: readonly Diagnostic[],
  ) {
    super(diagnostics.map((d) => d.message).join('\n'));
  }
}

/** @returns whether any of them is an error. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((d) => d.severity === 'error');
}

/** Throws a {@link ConfigError} with everything in `diagnostics` when one of them is an error. */
export function throwOnErrors(diagnostics: readonly Diagnostic[]): void {
  if (hasErrors(diagnostics)) throw new ConfigError(diagnostics);
}
