import { parseImageReference } from '../../schema/index.js';

/** An image of the configuration, as Dockerfiles may name it. */
export interface NamedImage {
  readonly name: string;
  /** With its registry, without a tag: `ghcr.io/acme/trainer`. */
  readonly repository: string;
}

/**
 * Finds the image of a configuration that a Dockerfile's reference names: its repository in full with any tag or none, or
 * its bare name without a tag. A reference with a digest names one image of the registry, whatever is built.
 *
 * @returns a function that takes a reference and the index of the image whose Dockerfile has it, and gives the index of
 *   the image that is meant; never the image itself, so that `FROM python` in an image `python` is Docker Hub's
 */
export function insideImages(
  images: readonly NamedImage[],
): (reference: string, self: number) => number | undefined {
  const names = new Map(images.map(({ name }, index) => [name, index]));
  const repositories = new Map(images.map(({ repository }, index) => [repository, index]));
  return (reference, self) => {
    const parsed = parseImageReference(reference);
    if ('problem' in parsed || parsed.digest !== undefined) return undefined;
    const found = [repositories.get(`${parsed.registry}/${parsed.path}`), names.get(reference)];
    return found.find((index) => index !== undefined && index !== self);
  };
}
