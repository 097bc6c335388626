import { planGraph } from '../generator/graph/graph.js';
import type { Plan } from '../generator/plan-types.js';

/** A plan as `kfops plan --json` writes it: the whole of it, but of each context its figures and not its files. */
export function planJson(plan: Plan) {
  const { images, ...rest } = plan;
  return {
    ...rest,
    images: images.map(({ context, ...image }) => ({
      ...image,
      destination: `${image.repository}:${image.tag}`,
      context: {
        key: context.key,
        objectKey: context.objectKey,
        files: context.entries.length,
        bytes: context.bytes,
      },
    })),
    steps: planGraph(plan),
  };
}
