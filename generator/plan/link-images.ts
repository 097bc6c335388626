import type { Diagnostic } from '../../schema/index.js';
import type { Dockerfile } from '../dockerfile/dockerfile.js';
import { parseDockerfile } from '../dockerfile/parse.js';
import { findImages } from '../dockerfile/references.js';
import type { ContextSource } from '../ports.js';
import type { Project } from '../project/project.js';
import { insideOf, type Base, type ImageBases } from '../reuse/bases.js';
import { readDockerfiles, type DockerfileText } from '../reuse/dockerfiles.js';
import { insideImages } from '../reuse/inside.js';
import { orderImages } from '../reuse/order.js';
import type { PlannedImage } from './plan-types.js';

/** What an image is based on, and where its Dockerfile says it. */
export interface ImageLinks extends ImageBases {
  /** Absent where it could not be read. */
  readonly file?: DockerfileText & { readonly parsed: Dockerfile };
  /** The image that the last stage begins with, through its other stages; absent for `scratch`. */
  readonly finalBase?: Base;
}

/** Reads the Dockerfile of each image, and finds what it is based on: images from elsewhere and of the same plan. */
export async function linkImages(
  source: ContextSource,
  images: readonly PlannedImage[],
): Promise<readonly ImageLinks[]> {
  const texts = await readDockerfiles(source, images);
  const parsed = new Map<string, Dockerfile>();
  const inside = insideImages(images);
  return images.map((image, index): ImageLinks => {
    const file = texts[index];
    if (file === undefined) return { bases: [], isUnknown: true };
    const dockerfile = parsed.get(file.text) ?? parseDockerfile(file.text);
    parsed.set(file.text, dockerfile);
    const found = findImages(dockerfile, image);
    const bases = found.uses.map((use): Base => {
      const { reference, isNeeded } = use;
      const base = reference === undefined || !isNeeded ? undefined : inside(reference, index);
      return { use, ...(base !== undefined && { image: base }) };
    });
    const finalBase = bases.find(({ use }) => use === found.finalBase);
    return {
      file: { ...file, parsed: dockerfile },
      bases,
      // A Kaniko that builds it anyway can build any stage.
      isUnknown: found.isTargetMissing,
      ...(finalBase && { finalBase }),
    };
  });
}

/** @returns the error of images that are based on each other; none where they can be built one after the other */
export function checkCycles(
  { config }: Project,
  images: readonly PlannedImage[],
  links: readonly ImageLinks[],
): readonly Diagnostic[] {
  const found = orderImages(links.map(insideOf));
  if (!('cycle' in found)) return [];
  const names = found.cycle.map((index) => `\`${images[index]?.name ?? ''}\``);
  const [first = ''] = names;
  const at = config.value.image_builder?.images.findIndex(({ name }) => `\`${name}\`` === first) ?? 0;
  const circle = [...names, first].join(' → ');
  return [
    config.diagnostic(['image_builder', 'images', at, 'name'], {
      code: 'IMAGE_CYCLE',
      message:
        names.length === 2
          ? `The images ${names.join(' and ')} are based on each other.`
          : `Each of these images is based on the next: ${circle}.`,
      hint: 'Remove one of these references (FROM, COPY --from or RUN --mount) from a Dockerfile, or give it a digest.',
    }),
  ];
}
