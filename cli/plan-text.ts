import { formatBytes } from '../common/bytes.js';
import { planGraph } from '../generator/graph/graph.js';
import { renderTree } from '../generator/graph/tree.js';
import type { Plan, PlannedImage } from '../generator/plan/plan-types.js';
import { escapeTerminal } from '../templates/escape.js';
import { renderText } from '../templates/render.js';
import type { Style } from '../templates/style.js';
import { formatCount } from '../templates/units.js';
import { cutMiddle, table, widthOf } from './output/table.js';

/** Of more images than this the first are shown, and how many there are beyond. */
const SHOWN = 20;
/** Of the builds in the tree then: the list above it has their names. */
const SHOWN_STEPS = 5;
/** Two spaces before each line of a section. */
const INDENT = 2;

/** A plan for a person: the images, the pipeline, the steps. Ends without a line break. */
export function planText(
  plan: Plan,
  { published, columns }: { readonly published: boolean; readonly columns: number },
  style: Style,
): string {
  const { repository, revision, images, pipeline } = plan;
  const width = Math.max(20, columns - INDENT);
  const tree = renderTree(planGraph(plan), images.length > SHOWN ? { maxChildren: SHOWN_STEPS } : {});
  return renderText(
    'plan',
    {
      repository: `${repository.owner}/${repository.name}`,
      revision: revision.description,
      dirty: revision.dirty && revision.commit !== undefined,
      images: images.length > 0 ? summary(images) : undefined,
      imageLines: imageLines(images.slice(0, SHOWN), width, style),
      moreImages: Math.max(0, images.length - SHOWN),
      pipeline: {
        ...pipeline,
        source: `${formatCount(pipeline.source.entries.length, 'file')}, ${formatBytes(pipeline.source.bytes)}`,
        version: published ? pipeline.version : undefined,
      },
      treeLines: tree
        .trimEnd()
        .split('\n')
        .map((line) => cutMiddle(line, width)),
    },
    style,
  ).trimEnd();
}

/** Contexts that several images share are stored once, and count once. */
function summary(images: readonly PlannedImage[]): string {
  const contexts = [...new Map(images.map(({ context }) => [context.key, context])).values()];
  const files = contexts.reduce((sum, { entries }) => sum + entries.length, 0);
  const bytes = contexts.reduce((sum, context) => sum + context.bytes, 0);
  const shared = contexts.length < images.length ? ` in ${formatCount(contexts.length, 'context')}` : '';
  return `${formatCount(images.length, 'image')}${shared}, ${formatCount(files, 'file')}, ${formatBytes(bytes)}`;
}

/** One line for each image; two where the destinations do not fit next to the rest. */
function imageLines(images: readonly PlannedImage[], width: number, style: Style): string[] {
  const facts = table(
    [{ max: 40 }, { align: 'right' }, { align: 'right' }, {}],
    images.map(({ name, context }) => [
      escapeTerminal(name),
      formatCount(context.entries.length, 'file'),
      formatBytes(context.bytes),
      `key ${context.key.slice(0, 12)}`,
    ]),
  );
  const destinations = images.map(({ repository, tag }) => escapeTerminal(`${repository}:${tag}`));
  const arrow = style.dim('→');
  const wholeWidth = widthOf(facts) + widthOf(destinations) + 4;
  if (wholeWidth <= width) return facts.map((line, at) => `${line}  ${arrow} ${destinations[at] ?? ''}`);
  return facts.flatMap((line, at) => [
    cutMiddle(line, width),
    `  ${arrow} ${cutMiddle(destinations[at] ?? '', width - 4)}`,
  ]);
}
