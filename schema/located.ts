import { inSentences, type Diagnostic } from './diagnostic.js';
import { at, nearest, type ConfigPath, type Range, type Tree } from './tree.js';

/** What is wrong, without where. Message and hint may be clauses: they become sentences. */
export interface Finding {
  readonly code: Diagnostic['code'];
  /** Default: error. */
  readonly severity?: Diagnostic['severity'];
  readonly message: string;
  readonly hint?: string;
  readonly lines?: readonly string[];
  /** Point at the key in front of the value. Default: the value. */
  readonly at?: 'key' | 'value';
}

/** A value that can say where each of its parts was written. */
export interface Located<T> {
  readonly value: T;
  /** What is doubtful in it; errors are thrown. */
  readonly warnings: readonly Diagnostic[];
  /**
   * A diagnostic about the part at `path`. It points at that part, or at its nearest parent that was written: a value
   * that comes from a default has no place of its own.
   */
  diagnostic(path: ConfigPath, finding: Finding): Diagnostic;
  /** A scalar as it was written, without quotes: `3.10`, which is the number 3.1. Undefined where none was written. */
  text(path: ConfigPath): string | undefined;
}

/** @returns the finding with the place of `path` in `tree`. */
export function diagnosticAt(tree: Tree, path: ConfigPath, finding: Finding): Diagnostic {
  const { tree: part, found } = nearest(tree, path);
  const [start, end] = rangeFor(part, !found || finding.at === 'key');
  return withPlace(finding, part.source.locate(start, end));
}

/** Adds a place to a finding. */
export function withPlace(finding: Finding, place: Partial<Diagnostic>): Diagnostic {
  return inSentences({
    code: finding.code,
    severity: finding.severity ?? 'error',
    message: finding.message,
    ...place,
    ...(finding.hint === undefined ? {} : { hint: finding.hint }),
    ...(finding.lines === undefined ? {} : { lines: finding.lines }),
  });
}

function rangeFor(tree: Tree, preferKey: boolean): Range {
  // A whole map or list is best shown by its key; the root has none.
  if (tree.key && (preferKey || tree.kind !== 'scalar' || isEmpty(tree.range))) return tree.key;
  if (tree.kind === 'scalar') return tree.range;
  return [tree.range[0], tree.range[0] + 1];
}

function isEmpty([start, end]: Range): boolean {
  return end <= start;
}

/** @returns the value that `tree` holds, located. */
export function located<T>(value: T, tree: Tree | undefined, warnings: readonly Diagnostic[]): Located<T> {
  return {
    value,
    warnings,
    diagnostic: (path, finding) => (tree ? diagnosticAt(tree, path, finding) : withPlace(finding, {})),
    text: (path) => {
      const found = tree && at(tree, path);
      return found?.kind === 'scalar' ? found.text : undefined;
    },
  };
}

/** @returns whether something was written at `path`. */
export function isWritten(tree: Tree, path: ConfigPath): boolean {
  return at(tree, path) !== undefined;
}
