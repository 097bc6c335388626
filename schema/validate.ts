import type { Diagnostic } from './diagnostic.js';
import * as generated from './generated/validators.js';
import { diagnosticAt } from './located.js';
import { inexactNumbers } from './numbers.js';
import type { SchemaName } from './schema-node.js';
import { at, toValue, type ConfigPath, type Tree } from './tree.js';
import { findingFor, type ExplainKey, type SchemaError } from './violation.js';
import { asWritten } from './written.js';

interface Validator {
  (value: unknown): boolean;
  errors?: readonly SchemaError[] | null;
}

const validators = generated as unknown as Record<SchemaName, Validator>;

/** One thing that does not hold against the schema. */
export interface Violation {
  readonly path: ConfigPath;
  readonly diagnostic: Diagnostic;
}

/** What a file holds, held against its schema. */
export interface Validated {
  /** With texts as written, see {@link asWritten}. */
  readonly tree: Tree;
  /** What the tree holds, with defaults. Valid only without violations. */
  readonly value: unknown;
  readonly violations: readonly Violation[];
}

/**
 * Checks what a file holds and fills in defaults. A key without a value (null) is as if it were not there: it gets the
 * default, and stays null where there is none.
 */
export function validate(name: SchemaName, read: Tree, explain?: ExplainKey): Validated {
  const tree = asWritten(name, read);
  const value = toValue(tree);
  const violations: Violation[] = inexactNumbers(tree).map(({ path, finding }) => ({
    path,
    diagnostic: diagnosticAt(tree, path, finding),
  }));
  const inexact = new Set(violations.map(({ path }) => JSON.stringify(path)));
  const validator = validators[name];
  if (validator(value)) return { tree, value, violations };
  for (const error of validator.errors ?? []) {
    const found = findingFor(name, error, pathOf(error.instancePath, tree), tree, explain);
    if (!found || inexact.has(JSON.stringify(found.path))) continue;
    violations.push({ path: found.path, diagnostic: diagnosticAt(tree, found.path, found.finding) });
  }
  return { tree, value, violations };
}

function pathOf(pointer: string, tree: Tree): ConfigPath {
  const path: (string | number)[] = [];
  for (const part of pointer.split('/').slice(1)) {
    const step = part.replace(/~1/g, '/').replace(/~0/g, '~');
    path.push(at(tree, path)?.kind === 'list' ? Number(step) : step);
  }
  return path;
}

/** @returns the value without keys whose value is null, except at or below the paths in `kept`. */
export function withoutNulls(value: unknown, kept: readonly unknown[]): unknown {
  if (typeof value !== 'object' || value === null || kept.includes(value)) return value;
  if (Array.isArray(value)) return value.map((item) => withoutNulls(item, kept));
  const entries = Object.entries(value).filter(([, child]) => child !== null);
  return Object.fromEntries(entries.map(([key, child]) => [key, withoutNulls(child, kept)]));
}
