import { childSchema, rootSchema, typesOf, type SchemaName, type SchemaPart } from './schema-node.js';
import type { Tree } from './tree.js';

/**
 * Where the schema takes a text, the text as written is the value: `3.10` is "3.10", `012` is "012" and `yes` is "yes".
 * Where it takes no text, or anything, values stay what PyYAML reads. An empty value stays empty.
 */
export function asWritten(name: SchemaName, tree: Tree): Tree {
  return convert(tree, rootSchema(name));
}

function convert(tree: Tree, schema: SchemaPart | undefined): Tree {
  if (!schema) return tree;
  switch (tree.kind) {
    case 'map': {
      const entries = [...tree.entries].map(
        ([key, child]) => [key, convert(child, childSchema(schema, key))] as const,
      );
      return { ...tree, entries: new Map(entries) };
    }
    case 'list':
      return { ...tree, items: tree.items.map((item, i) => convert(item, childSchema(schema, i))) };
    case 'scalar':
      return tree.value !== null && typesOf(schema.node).includes('string')
        ? { ...tree, value: tree.text }
        : tree;
  }
}
