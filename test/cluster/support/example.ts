import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { parse, stringify } from 'yaml';

import { environment } from './environment.js';

/** Folder of examples/sklearn-iris. */
export const EXAMPLE = fileURLToPath(new URL('../../../examples/sklearn-iris', import.meta.url));

/**
 * What the example's configuration needs on this cluster: its images to the node's registry, below `path`, and from
 * there, because builds have no way out to the Internet.
 */
export async function exampleOverride(path: string): Promise<string> {
  const { image_builder } = parse(await readFile(`${EXAMPLE}/config_files/config.yaml`, 'utf8')) as {
    image_builder: { images: { build_args?: object }[] };
  };
  return stringify({
    image_builder: {
      container_registry_uri: `${environment.registry}/${path}`,
      insecure: true,
      images: image_builder.images.map((image) => ({
        ...image,
        build_args: { ...image.build_args, BASE: `${environment.registry}/library/python:3.11-slim` },
      })),
    },
  });
}
