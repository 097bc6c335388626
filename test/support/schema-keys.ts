import { readFileSync } from 'node:fs';

interface Node {
  readonly properties?: Readonly<Record<string, Node>>;
  readonly definitions?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly additionalProperties?: boolean | Node;
  readonly $ref?: string;
}

/**
 * Every key of a schema that has a value of its own, as a path: `image_builder.images[].name`; maps of any names end
 * with `.*`, and objects that Kubernetes describes are one key.
 */
export function leafKeys(schema: 'config' | 'settings' | 'kaniko-manifest'): string[] {
  const url = new URL(`../../schema/${schema}.schema.json`, import.meta.url);
  const root = JSON.parse(readFileSync(url, 'utf8')) as Node;
  const walk = (node: Node, path: string): string[] => {
    const here = node.$ref ? (root.definitions?.[node.$ref.replace('#/definitions/', '')] ?? node) : node;
    if (here.properties && here.additionalProperties !== true)
      return Object.entries(here.properties).flatMap(([key, child]) =>
        walk(child, path === '' ? key : `${path}.${key}`),
      );
    if (here.items) return walk(here.items, `${path}[]`);
    return [typeof here.additionalProperties === 'object' ? `${path}.*` : path];
  };
  return walk(root, '');
}
