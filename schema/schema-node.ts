import { schemas as generated } from './generated/validators.js';
import type { ConfigPath } from './tree.js';

/** The schemas by the names of their validators. */
export type SchemaName = 'config' | 'settings' | 'kanikoManifest';

/** A part of a JSON Schema, as far as it is looked at outside of the validators. */
export interface SchemaNode {
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
  /** The value is a document of its own, with this schema. */
  readonly kfopsDocument?: SchemaName;
}

/** A part of a schema, with the schema in which its references are resolved. */
export interface SchemaPart {
  readonly node: SchemaNode;
  readonly root: SchemaNode;
}

const schemas = generated as unknown as Record<SchemaName, SchemaNode>;

/** @returns a whole schema. */
export function rootSchema(name: SchemaName): SchemaPart {
  return { node: schemas[name], root: schemas[name] };
}

/** @returns the schema of a key's value or a list's item; undefined where anything is allowed. */
export function childSchema({ node, root }: SchemaPart, step: string | number): SchemaPart | undefined {
  const map = typeof node.additionalProperties === 'object' ? node.additionalProperties : undefined;
  const child = typeof step === 'number' ? node.items : (ownProperty(node.properties, step) ?? map);
  if (!child) return undefined;
  if (child.kfopsDocument) return rootSchema(child.kfopsDocument);
  return { node: resolve(child, root), root };
}

function ownProperty(properties: SchemaNode['properties'], key: string): SchemaNode | undefined {
  return properties && Object.hasOwn(properties, key) ? properties[key] : undefined;
}

/** @returns the schema of the part at `path`; an empty one where anything is allowed. */
export function schemaAt(name: SchemaName, path: ConfigPath): SchemaNode {
  let here: SchemaPart | undefined = rootSchema(name);
  for (const step of path) here = here && childSchema(here, step);
  return here?.node ?? {};
}

/** @returns the types that a value may have, null among them. */
export function typesOf({ type }: SchemaNode): readonly string[] {
  return [type ?? []].flat();
}

/** @returns an example of a value, as YAML. */
export function exampleOf(schema: SchemaNode): string | undefined {
  const example = schema.examples?.[0];
  return typeof example === 'string' || example === undefined ? example : JSON.stringify(example);
}

function resolve(schema: SchemaNode, root: SchemaNode): SchemaNode {
  if (schema.$ref === undefined) return schema;
  return root.definitions?.[schema.$ref.slice('#/definitions/'.length)] ?? schema;
}
