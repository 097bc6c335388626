import { createHash } from 'node:crypto';

import { withContent } from '../contexts/replace.js';
import { rewriteImages } from '../dockerfile/rewrite.js';
import type { Project } from '../project/project.js';
import { insideOf } from '../reuse/bases.js';
import type { Decided } from '../reuse/decide.js';
import { keyTag } from '../reuse/image-key.js';
import { imageLabels } from './image-labels.js';
import type { ImageLinks } from './link-images.js';
import type { PlannedImage } from './plan-types.js';

/** Digits of a tag that belongs to one build alone. */
const OWN_TAG_DIGITS = 20;

/**
 * Gives each image its decision and its labels, and those that are based on others a Dockerfile in which each reference
 * is exactly what this build uses: the digest of a reused image, else the tag under which it is being built.
 *
 * @param buildId - a text that no other build has
 */
export function connectImages(
  project: Project,
  images: readonly PlannedImage[],
  links: readonly ImageLinks[],
  decided: readonly Decided[],
  buildId = '',
): readonly PlannedImage[] {
  const bases = links.map(insideOf);
  const isBase = new Set(bases.flat());
  const ownTag = (image: PlannedImage): string => {
    const parts = [buildId, image.repository, image.context.key, image.tag, image.target, image.buildArgs];
    const hash = createHash('sha256').update(JSON.stringify(parts)).digest('hex');
    return `kfops-only-${hash.slice(0, OWN_TAG_DIGITS)}`;
  };
  const secondTags = images.map((image, index) => {
    const key = decided[index]?.key;
    if (key !== undefined) return keyTag(key);
    return isBase.has(index) ? ownTag(image) : undefined;
  });
  const referenceTo = (index: number): string => {
    const decision = decided[index]?.decision;
    const repository = images[index]?.repository ?? '';
    if (decision?.action === 'reuse') return `${repository}@${decision.digest}`;
    return `${repository}:${secondTags[index] ?? ''}`;
  };
  return images.map((image, index) => {
    const link = links[index];
    const outcome = decided[index];
    if (link === undefined || outcome === undefined) return image;
    const secondTag = secondTags[index];
    return {
      ...image,
      decision: outcome.decision,
      buildsOn: (bases[index] ?? []).map((base) => images[base]?.name ?? ''),
      delivered: rewritten(image, link, referenceTo),
      ...(secondTag !== undefined && { secondTag }),
      labels: imageLabels(project, image, link, outcome, (base) => ({
        name: images[base]?.name ?? '',
        reference: referenceTo(base),
        decision: decided[base]?.decision,
      })),
    };
  });
}

/** The context as Kaniko gets it. */
function rewritten(
  { context }: PlannedImage,
  { file, bases }: ImageLinks,
  referenceTo: (index: number) => string,
): PlannedImage['delivered'] {
  const replacements = bases.flatMap(({ use, image }) =>
    image === undefined ? [] : [{ use, reference: referenceTo(image) }],
  );
  if (file === undefined || replacements.length === 0) return context;
  const { path, text, encoding } = file;
  return withContent(context, path, Buffer.from(rewriteImages(text, replacements), encoding));
}
