import { formatBytes } from '../common/bytes.js';
import { planGraph } from '../generator/graph/graph.js';
import { renderTree } from '../generator/graph/tree.js';
import type { Plan } from '../generator/plan/plan-types.js';
import { APPLIED_WHEN, nextText, TIME_ZONE } from '../generator/plan/schedule-times.js';
import { escapeTerminal } from '../templates/escape.js';
import { renderText } from '../templates/render.js';
import type { Style } from '../templates/style.js';
import { formatCount } from '../templates/units.js';
import { cutMiddle, table } from './output/table.js';
import { imageLines, imagesSummary } from './plan-images.js';

/** Of more images than this the first are shown, and how many there are beyond. */
const SHOWN = 20;
/** Of the builds in the tree then: the list above it has their names. */
const SHOWN_STEPS = 5;
/** Two spaces before each line of a section. */
const INDENT = 2;

/** What a plan doesn't have, but its text depends on. */
export interface PlanTextOptions {
  /** Whether the settings have a Kubeflow Pipelines. */
  readonly published: boolean;
  /** From which the next times of schedules are counted; default: now. */
  readonly now?: Date;
  /** Width of the terminal, in characters. */
  readonly columns: number;
  /** What turned reuse off: `--no-reuse`. */
  readonly reuseOff?: string | undefined;
}

/** A plan for a person: the images, the pipeline, the steps. Ends without a line break. */
export function planText(
  plan: Plan,
  { published, now = new Date(), columns, reuseOff }: PlanTextOptions,
  style: Style,
): string {
  const { repository, revision, images, pipeline } = plan;
  const width = Math.max(20, columns - INDENT);
  const tree = renderTree(planGraph(plan), images.length > SHOWN ? { maxChildren: SHOWN_STEPS } : {});
  const off = reuseOff === undefined ? '' : `; reuse is off (${reuseOff})`;
  return renderText(
    'plan',
    {
      repository: `${repository.owner}/${repository.name}`,
      revision: revision.description,
      dirty: revision.dirty && revision.commit !== undefined,
      images: images.length > 0 ? `${imagesSummary(images)}${off}` : undefined,
      imageLines: imageLines(images.slice(0, SHOWN), width, style),
      moreImages: Math.max(0, images.length - SHOWN),
      pipeline: {
        ...pipeline,
        source: `${formatCount(pipeline.source.entries.length, 'file')}, ${formatBytes(pipeline.source.bytes)}`,
        version: published ? pipeline.version : undefined,
      },
      schedulesTitle: published
        ? `times in ${TIME_ZONE}, ${APPLIED_WHEN}`
        : 'not applied: the settings have no kfp',
      scheduleLines: table(
        [{}, {}, {}],
        pipeline.schedules.map(({ name, cron, enabled }) => [
          name,
          escapeTerminal(cron),
          nextText({ cron, enabled }, now),
        ]),
      ),
      treeLines: tree
        .trimEnd()
        .split('\n')
        .map((line) => cutMiddle(line, width)),
    },
    style,
  ).trimEnd();
}
