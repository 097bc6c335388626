import { cp, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { parse, stringify } from 'yaml';

import { environment } from './environment.js';
import { type Files, folder } from './project.js';

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

/** A copy of the example whose pipeline names the images of {@link exampleOverride}, and these files beside it. */
export async function exampleCopy(path: string, files: Files): Promise<string> {
  const root = await folder(files);
  await cp(EXAMPLE, root, { recursive: true });
  const pipeline = `${root}/pipeline/pipeline.py`;
  const text = await readFile(pipeline, 'utf8');
  await writeFile(pipeline, text.replace(/^REGISTRY = .*$/m, `REGISTRY = "${environment.registry}/${path}"`));
  return root;
}
