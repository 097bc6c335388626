import type { DiagnosticCode } from './codes.js';
import { sentence } from './sentence.js';

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
  /** Lines to be copied into the file, as they are. */
  readonly lines?: readonly string[];
}

/** The input cannot be used: wrong configuration or wrong usage. Holds everything that was found, not just the first. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  /** All that was found, errors and warnings, in the order of the file. */
  readonly diagnostics: readonly Diagnostic[];

  /** @param diagnostics - their messages and hints may be clauses: they become sentences */
  constructor(diagnostics: readonly Diagnostic[]) {
    const sentences = diagnostics.map(inSentences);
    super(sentences.map(({ message }) => message).join('\n'));
    this.diagnostics = sentences;
  }
}

/** @returns the same with message and hint as sentences. */
export function inSentences(diagnostic: Diagnostic): Diagnostic {
  const { message, hint } = diagnostic;
  return { ...diagnostic, message: sentence(message), ...(hint !== undefined && { hint: sentence(hint) }) };
}

/** @returns whether any of them is an error. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((d) => d.severity === 'error');
}

/** Throws a {@link ConfigError} with everything in `diagnostics` when one of them is an error. */
export function throwOnErrors(diagnostics: readonly Diagnostic[]): void {
  if (hasErrors(diagnostics)) throw new ConfigError(diagnostics);
}

/** @returns what is new to `known`: a value that is refused already needs no second complaint at its place. */
export function withoutRepeats(found: readonly Diagnostic[], known: readonly Diagnostic[]): Diagnostic[] {
  return found.filter((d) => !known.some((other) => areErrorsAtOnePlace(d, other)));
}

function areErrorsAtOnePlace(a: Diagnostic, b: Diagnostic): boolean {
  return (
    a.severity === 'error' &&
    b.severity === 'error' &&
    a.file === b.file &&
    a.line === b.line &&
    a.column === b.column
  );
}
