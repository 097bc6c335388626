import { insideOf } from '../reuse/bases.js';
import { withBases } from '../reuse/order.js';
import type { ImageLinks } from './link-images.js';
import type { PlannedImage } from './plan-types.js';
import { imageTag } from './tag.js';

/**
 * The images, of which one is the commit's only if all that it is based on is, too: its layers are in it.
 *
 * @param asked - the tag that was asked for
 * @param commit - of the source
 */
export function withBasesOfCommit(
  images: readonly PlannedImage[],
  links: readonly ImageLinks[],
  asked: string | undefined,
  commit: string | undefined,
): readonly PlannedImage[] {
  const basesOf = links.map(insideOf);
  return images.map((image, index) => {
    if ([...withBases([index], basesOf)].every((base) => images[base]?.isCommit)) return image;
    return { ...image, isCommit: false, tag: imageTag(asked, commit, false, image.context.key) };
  });
}
