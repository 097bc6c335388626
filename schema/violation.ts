import type { Finding } from './located.js';
import { exampleOf, schemaAt, typesOf, type SchemaName, type SchemaNode } from './schema-node.js';
import { suggest } from '../common/suggest.js';
import { at, formatPath, type ConfigPath, type Tree } from './tree.js';

/** What a generated validator says; the names are ajv's. */
export interface SchemaError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly propertyName?: string;
}

/** Replaces the finding for a key that the schema does not know; for reasons that a schema cannot give. */
export type ExplainKey = (parent: ConfigPath, key: string) => Finding | undefined;

/** @returns an error of the value at `path` for people, and the path of the part that it is about. */
export function findingFor(
  name: SchemaName,
  error: SchemaError,
  path: ConfigPath,
  tree: Tree,
  explain?: ExplainKey,
): { path: ConfigPath; finding: Finding } | undefined {
  const owner = schemaAt(name, path);
  const label = labelOf(path);
  switch (error.keyword) {
    case 'additionalProperties': {
      const key = String(error.params.additionalProperty);
      const known = Object.keys(owner.properties ?? {});
      const like = suggest(key, known);
      const finding = explain?.(path, key) ?? {
        code: 'UNKNOWN_KEY',
        message: `The key \`${key}\` is not known${path.length > 0 ? ` in ${label}` : ''}.`,
        hint: like ? `Did you mean \`${like}\`?` : `Known here: ${known.join(', ')}.`,
      };
      return { path: [...path, key], finding: { at: 'key', ...finding } };
    }
    case 'required': {
      const key = String(error.params.missingProperty);
      return {
        path,
        finding: { ...missing([...path, key], exampleOf(schemaAt(name, [...path, key]))), at: 'key' },
      };
    }
    case 'type':
      return { path, finding: wrongType(path, owner, tree) };
    case 'propertyNames':
      return undefined;
    case 'pattern':
      if (error.propertyName !== undefined) {
        const message = `The key \`${error.propertyName}\` is not allowed in ${label}.`;
        return {
          path: [...path, error.propertyName],
          finding: wrongValue(message, owner.propertyNames?.patternErrorMessage, 'key'),
        };
      }
      return {
        path,
        finding: wrongValue(`${label} has a value that is not allowed.`, owner.patternErrorMessage),
      };
    case 'enum': {
      const allowed = (owner.enum ?? []).filter((choice) => choice !== null).map(String);
      return {
        path,
        finding: wrongValue(`${label} has a value that is not allowed.`, `Allowed: ${allowed.join(', ')}.`),
      };
    }
    default:
      return { path, finding: wrongValue(`${label} ${boundMessage(error)}.`, exampleHint(path, owner)) };
  }
}

/** How messages name the value at a path. */
function labelOf(path: ConfigPath): string {
  return path.length === 0 ? 'The file' : `\`${formatPath(path)}\``;
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

function wrongType(path: ConfigPath, schema: SchemaNode, tree: Tree): Finding {
  const found = at(tree, path);
  const label = labelOf(path);
  if (found?.kind === 'scalar' && found.value === null) {
    const example = exampleOf(schema);
    return {
      code: 'REQUIRED_KEY',
      message: `${label} has no value.`,
      ...(example ? { hint: `For example: ${example}` } : {}),
    };
  }
  const types = typesOf(schema).filter((type) => type !== 'null');
  const hint = types.every((type) => type === 'boolean')
    ? 'Write `true` or `false`, without quotes.'
    : exampleHint(path, schema);
  return {
    code: 'WRONG_TYPE',
    message: `${label} must be ${types.map((type) => TYPE_NAMES[type] ?? type).join(' or ')}.`,
    ...(hint ? { hint } : {}),
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

function exampleHint(path: ConfigPath, schema: SchemaNode): string | undefined {
  const example = exampleOf(schema);
  return example === undefined ? undefined : `For example: \`${String(path.at(-1))}: ${example}\`.`;
}
