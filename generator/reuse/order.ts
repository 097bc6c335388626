/** An order in which every image comes after its bases, or one circle of images that are based on each other. */
export type ImageOrder =
  { readonly order: readonly number[] } | { readonly cycle: readonly [number, ...number[]] };

/**
 * Orders images by what they are based on.
 *
 * @param basesOf - for each image, the indexes of its bases
 * @returns `order`: all indexes, bases first, otherwise as the configuration has them · `cycle`: each is based on the
 *   next, and the last on the first
 */
export function orderImages(basesOf: readonly (readonly number[])[]): ImageOrder {
  const order: number[] = [];
  const state = new Map<number, 'open' | 'done'>();
  // Not recursive: a chain may be as long as the configuration.
  for (const start of basesOf.keys()) {
    const path: { readonly image: number; next: number }[] = [];
    const enter = (image: number): void => {
      state.set(image, 'open');
      path.push({ image, next: 0 });
    };
    if (!state.has(start)) enter(start);
    for (let at = path.at(-1); at; at = path.at(-1)) {
      const base = basesOf[at.image]?.[at.next++];
      if (base === undefined) {
        state.set(at.image, 'done');
        order.push(at.image);
        path.pop();
      } else if (state.get(base) === 'open') {
        const images = path.map(({ image }) => image);
        return { cycle: images.slice(images.indexOf(base)) as [number, ...number[]] };
      } else if (!state.has(base)) enter(base);
    }
  }
  return { order };
}

/** The images that are asked for and all that they are based on. */
export function withBases(
  asked: readonly number[],
  basesOf: readonly (readonly number[])[],
): ReadonlySet<number> {
  const found = new Set<number>();
  const left = [...asked];
  for (let image = left.pop(); image !== undefined; image = left.pop()) {
    if (found.has(image)) continue;
    found.add(image);
    left.push(...(basesOf[image] ?? []));
  }
  return found;
}
