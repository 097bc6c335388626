import type { Context } from '../generator/contexts/context.js';
import { planGraph } from '../generator/graph/graph.js';
import { decisionText } from '../generator/reuse/reason-text.js';
import type { Plan } from '../generator/plan/plan-types.js';

/** A plan as `kfops plan --json` writes it: the whole of it, but of each context its figures and not its files, and each
 * decision with its text. */
export function planJson(plan: Plan) {
  const { images, pipeline, ...rest } = plan;
  return {
    ...rest,
    images: images.map(({ context, decision, ...image }) => ({
      ...image,
      decision: { ...decision, text: decisionText(decision, { why: true }) },
      destination: `${image.repository}:${image.tag}`,
      context: figures(context),
    })),
    pipeline: { ...pipeline, source: figures(pipeline.source) },
    steps: planGraph(plan),
  };
}

function figures({ key, objectKey, entries, bytes }: Context) {
  return { key, objectKey, files: entries.length, bytes };
}
