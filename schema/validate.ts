import type { Diagnostic } from './diagnostic.js';
import * as generated from './generated/validators.js';
import { diagnosticAt, type Finding } from './located.js';
import { suggest } from './suggest.js';
import { at, formatPath, type ConfigPath, type Tree } from './tree.js';

/** The schemas by the names of their validators. */
export type SchemaName = 'config' | 'settings' | 'kanikoManifest';

interface SchemaNode {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly examples?: readonly unknown[];
  readonly patternErrorMessage?: string;
  readonly $ref?: string;
  readonly items?: SchemaNode;
  readonly additionalProperties?: boolean | SchemaNode;
  readonly propertyNames?: SchemaNode;
  readonly definitions?: Readonly<Record<string, SchemaNode>>;
}

/** What a generated validator says; the names are ajv's. */
interface SchemaError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly propertyName?: string;
}

interface Validator {
  (value: unknown): boolean;
  errors?: readonly SchemaError[] | null;
}

const validators = generated as unknown as Record<SchemaName, Validator>;
const schemas = generated.schemas as unknown as Record<SchemaName, SchemaNode>;

/** One thing that does not hold against the schema. */
export interface Violation {
  readonly keyword: string;
  readonly path: ConfigPath;
  readonly diagnostic: Diagnostic;
}

/** Replaces the finding for a key that the schema does not know; for reasons that a schema cannot give. */
export type ExplainKey = (parent: ConfigPath, key: string) => Finding | undefined;

/**
 * Checks `value`, which `tree` holds, and fills defaults into it. A key without a value (null) is as if it were not
 * there: it gets the default, and stays null where there is none.
 */
export function validate(name: SchemaName, value: unknown, tree: Tree, explain?: ExplainKey): Violation[] {
  const validator = validators[name];
  if (validator(value)) return [];
  const violations: Violation[] = [];
  for (const error of validator.errors ?? []) {
    const parent = pathOf(error.instancePath, tree);
    const found = findingFor(name, error, parent, tree, explain);
    if (!found) continue;
    const diagnostic = diagnosticAt(tree, found.path, found.finding);
    violations.push({ keyword: error.keyword, path: found.path, diagnostic });
  }
  return violations;
}

function pathOf(pointer: string, tree: Tree): ConfigPath {
  const path: (string | number)[] = [];
  for (const part of pointer.split('/').slice(1)) {
    const step = part.replace(/~1/g, '/').replace(/~0/g, '~');
    path.push(at(tree, path)?.kind === 'list' ? Number(step) : step);
  }
  return path;
}

function findingFor(
  name: SchemaName,
  error: SchemaError,
  path: ConfigPath,
  tree: Tree,
  explain?: ExplainKey,
): { path: ConfigPath; finding: Finding } | undefined {
  const root = schemas[name];
  const owner = schemaOf(root, path);
  const label = formatPath(path) || 'The file';
  switch (error.keyword) {
    case 'additionalProperties': {
      const key = String(error.params.additionalProperty);
      const known = Object.keys(owner.properties ?? {});
      const like = suggest(key, known);
      const finding = explain?.(path, key) ?? {
        code: 'UNKNOWN_KEY',
        message: `The key \`${key}\` is not known${path.length > 0 ? ` in \`${label}\`` : ''}.`,
        hint: like ? `Did you mean \`${like}\`?` : `Known here: ${known.join(', ')}.`,
      };
      return { path: [...path, key], finding: { at: 'key', ...finding } };
    }
    case 'required': {
      const key = String(error.params.missingProperty);
      return {
        path,
        finding: { ...missing([...path, key], exampleOf(owner.properties?.[key], root)), at: 'key' },
      };
    }
    case 'type':
      return { path, finding: wrongType(path, owner, tree, root) };
    case 'propertyNames':
      return undefined;
    case 'pattern':
      if (error.propertyName !== undefined) {
        const message = `The key \`${error.propertyName}\` is not allowed in \`${label}\`.`;
        return {
          path: [...path, error.propertyName],
          finding: wrongValue(message, owner.propertyNames?.patternErrorMessage, 'key'),
        };
      }
      return {
        path,
        finding: wrongValue(`\`${label}\` has a value that is not allowed.`, owner.patternErrorMessage),
      };
    case 'enum': {
      const allowed = (owner.enum ?? []).filter((choice) => choice !== null).map(String);
      return {
        path,
        finding: wrongValue(
          `\`${label}\` has a value that is not allowed.`,
          `Allowed: ${allowed.join(', ')}.`,
        ),
      };
    }
    default:
      return { path, finding: wrongValue(`\`${label}\` ${boundMessage(error)}.`, exampleHint(path, owner)) };
  }
}

function boundMessage({ keyword, params }: SchemaError): string {
  const limit = String(params.limit);
  switch (keyword) {
    case 'minLength':
      return 'must not be empty';
    case 'maxLength':
      return `must not be longer than ${limit} characters`;
    case 'minimum':
      return `must be at least ${limit}`;
    case 'maximum':
      return `must be at most ${limit}`;
    default:
      return `needs at least ${limit} entries`;
  }
}

function wrongValue(message: string, hint: string | undefined, where?: 'key'): Finding {
  return { code: 'WRONG_VALUE', message, ...(hint ? { hint } : {}), ...(where ? { at: where } : {}) };
}

function missing(path: ConfigPath, example: string | undefined): Finding {
  const key = String(path.at(-1));
  // An example of a whole section fits on no line.
  const short = example !== undefined && example !== '' && example.length <= 60;
  const hint = short ? `Add it: \`${key}: ${example}\`.` : `Add \`${key}:\`.`;
  return { code: 'REQUIRED_KEY', message: `The required key \`${formatPath(path)}\` is missing.`, hint };
}

function wrongType(path: ConfigPath, schema: SchemaNode, tree: Tree, root: SchemaNode): Finding {
  const found = at(tree, path);
  const label = formatPath(path) || 'The file';
  if (found?.kind === 'scalar' && found.value === null) {
    const example = exampleOf(schema, root);
    return {
      code: 'REQUIRED_KEY',
      message: `\`${label}\` has no value.`,
      ...(example ? { hint: `For example: ${example}` } : {}),
    };
  }
  const types = [schema.type ?? []].flat().filter((type) => type !== 'null');
  const message = `\`${label}\` must be ${types.map((type) => TYPE_NAMES[type] ?? type).join(' or ')}`;
  if (found?.kind !== 'scalar' || !types.includes('string')) {
    const hint = types.includes('boolean')
      ? 'Write `true` or `false`, without quotes.'
      : exampleHint(path, schema);
    return { code: 'WRONG_TYPE', message: `${message}.`, ...(hint ? { hint } : {}) };
  }
  const written = found.source.text.slice(...found.range);
  return {
    code: 'WRONG_TYPE',
    message: `${message}; YAML reads \`${written}\` as ${typeof found.value === 'number' ? 'the number' : 'the truth value'} ${String(found.value)}.`,
    hint: `Quote it: \`${typeof path.at(-1) === 'string' ? `${String(path.at(-1))}: ` : ''}"${written}"\`.`,
  };
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
};

function exampleOf(schema: SchemaNode | undefined, root: SchemaNode): string | undefined {
  const example = schema && resolve(schema, root).examples?.[0];
  return typeof example === 'string' || example === undefined ? example : JSON.stringify(example);
}

function exampleHint(path: ConfigPath, schema: SchemaNode): string | undefined {
  const example = exampleOf(schema, schema);
  return example === undefined ? undefined : `For example: \`${String(path.at(-1))}: ${example}\`.`;
}

/** @returns the schema of the part at `path`. */
function schemaOf(root: SchemaNode, path: ConfigPath): SchemaNode {
  let here = root;
  for (const step of path) {
    const map = typeof here.additionalProperties === 'object' ? here.additionalProperties : undefined;
    const child = typeof step === 'number' ? here.items : (here.properties?.[step] ?? map);
    here = resolve(child ?? {}, root);
  }
  return here;
}

function resolve(schema: SchemaNode, root: SchemaNode): SchemaNode {
  if (schema.$ref === undefined) return schema;
  return root.definitions?.[schema.$ref.slice('#/definitions/'.length)] ?? schema;
}

/** @returns the value without keys whose value is null, but for what stands at or below one of `kept`. */
export function withoutNulls(value: unknown, kept: readonly unknown[]): unknown {
  if (typeof value !== 'object' || value === null || kept.includes(value)) return value;
  if (Array.isArray(value)) return value.map((item) => withoutNulls(item, kept));
  const entries = Object.entries(value).filter(([, child]) => child !== null);
  return Object.fromEntries(entries.map(([key, child]) => [key, withoutNulls(child, kept)]));
}
