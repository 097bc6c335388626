import type { Context } from '../generator/contexts/context.js';
import { planGraph } from '../generator/graph/graph.js';
import { decisionText } from '../generator/reuse/reason-text.js';
import type { Plan } from '../generator/plan/plan-types.js';
import { APPLIED_WHEN, nextTimes, TIME_ZONE } from '../generator/plan/schedule-times.js';

/**
 * A plan as `kfops plan --json` writes it: the whole of it, but of each context its figures and not its files, each
 * decision with its text, and each schedule with its next times.
 */
export function planJson(plan: Plan, now = new Date()) {
  const { images, pipeline, ...rest } = plan;
  return {
    ...rest,
    images: images.map(({ context, decision, ...image }) => ({
      ...image,
      decision: { ...decision, text: decisionText(decision, { why: true }) },
      destination: `${image.repository}:${image.tag}`,
      context: figures(context),
    })),
    pipeline: {
      ...pipeline,
      source: figures(pipeline.source),
      schedules: pipeline.schedules.map((schedule) => ({
        ...schedule,
        timeZone: TIME_ZONE,
        next: nextTimes(schedule, now, NEXT_TIMES),
        note: APPLIED_WHEN,
      })),
    },
    steps: planGraph(plan),
  };
}

const NEXT_TIMES = 3;

function figures({ key, objectKey, entries, bytes }: Context) {
  return { key, objectKey, files: entries.length, bytes };
}
