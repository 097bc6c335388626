import { VERSION } from './generated/version.js';
import { normaliseRepository } from './image-reference.js';

/**
 * In front of the images of Kfops where the settings name no registry. `.invalid` is reserved (RFC 6761, section 6.4),
 * so nobody can put an image there.
 */
export const NO_REGISTRY = 'registry.invalid';

/** The names of Kfops' own two images, in their registry. */
export const OWN_IMAGES = { kfops: 'kfops', compiler: 'kfops-compiler' } as const;

/** References of Kfops' own two images. */
export interface OwnImages {
  /** For the server, the command, and the steps `tag`, `publish` and `run`. */
  readonly kfops: string;
  /** For the step `compile`. */
  readonly compiler: string;
}

/**
 * Where Kfops' own images are.
 *
 * @param images - `images` of the settings
 * @throws ConfigError (IMAGE_REFERENCE) for a registry that `parseSettings` would have refused
 */
export function ownImages({
  registry = `${NO_REGISTRY}/kfops`,
  version = VERSION,
}: {
  readonly registry?: string;
  readonly version?: string;
}): OwnImages {
  const reference = (name: string): string => `${normaliseRepository(registry, name)}:${version}`;
  return { kfops: reference(OWN_IMAGES.kfops), compiler: reference(OWN_IMAGES.compiler) };
}

/** @returns whether a reference is the placeholder of an image that the settings name no registry for */
export function isNowhere(reference: string): boolean {
  return reference.startsWith(`${NO_REGISTRY}/`);
}
