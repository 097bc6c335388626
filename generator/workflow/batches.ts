import type { PlannedImage } from '../plan/plan-types.js';
import { orderImages } from '../reuse/order.js';

/**
 * Divides images into batches. Images that are based on each other stay together where they fit; those that are too many
 * for one batch follow each other, bases first, so that a batch never waits for a later one.
 *
 * @param most - images of one batch
 */
export function divideImages(
  images: readonly PlannedImage[],
  most: number,
): readonly (readonly PlannedImage[])[] {
  const batches: PlannedImage[][] = [];
  for (const family of families(images)) {
    let batch = batches.at(-1);
    if (batch === undefined || batch.length + family.length > most) batches.push((batch = []));
    for (const image of family) {
      if (batch.length === most) batches.push((batch = []));
      batch.push(image);
    }
  }
  return batches;
}

/** Images that are connected by what they are based on, each family with bases first. */
function families(images: readonly PlannedImage[]): readonly (readonly PlannedImage[])[] {
  const indexes = new Map(images.map(({ name }, index) => [name, index]));
  const basesOf = images.map(({ buildsOn }) => buildsOn.flatMap((name) => indexes.get(name) ?? []));
  const found = orderImages(basesOf);
  const order = 'order' in found ? found.order : [...images.keys()];
  const family = images.map((_, index) => index);
  const root = (index: number): number => {
    let at = index;
    for (let up = family[at] ?? at; up !== at; up = family[at] ?? at) {
      family[at] = family[up] ?? up;
      at = up;
    }
    return at;
  };
  basesOf.forEach((bases, index) => {
    for (const base of bases) {
      const [one, other] = [root(index), root(base)];
      family[Math.max(one, other)] = Math.min(one, other);
    }
  });
  const members = new Map<number, PlannedImage[]>(images.map((_, index) => [root(index), []]));
  for (const index of order) {
    const image = images[index];
    if (image) members.get(root(index))?.push(image);
  }
  return [...members.values()];
}
