import type { Graph, GraphNode, NodeState } from '../../generator/graph/graph.js';
import { renderMermaid } from '../../generator/graph/mermaid.js';
import type { Build, StepRow } from './state.js';
import { countText, imageCounts } from './words.js';

/** Images up to which each has a box of its own. */
const BOXES = 8;
/** Of more, as many that failed or run have one; the rest share one for each state. */
const TOLD = 4;

const ORDER: readonly StepRow['state'][] = [
  'failed',
  'running',
  'stopped',
  'succeeded',
  'pending',
  'omitted',
  'reused',
];

/** Not by colour alone. */
const MARKS: Readonly<Record<StepRow['state'], string>> = {
  pending: '○',
  running: '●',
  succeeded: '✓',
  failed: '✗',
  omitted: '–',
  stopped: '■',
  reused: '↺',
};
const STATES: Readonly<Record<StepRow['state'], NodeState>> = {
  pending: 'waiting',
  running: 'running',
  succeeded: 'succeeded',
  failed: 'failed',
  omitted: 'skipped',
  stopped: 'skipped',
  reused: 'reused',
};
const STEPS = [
  ['compile', 'compile'],
  ['publish', 'publish'],
  ['pin', 'publish'],
  ['run', 'run'],
] as const;

/** The DAG of a build as a Mermaid flowchart, coloured by state; undefined where a picture would say nothing. */
export function picture(build: Build): string | undefined {
  const { images, edges: amongImages } = imageNodes(build);
  const steps = STEPS.flatMap(([kind, name]) => {
    const row = build.rows.find((each) => each.kind === kind);
    return row ? [node(name, name, name, row.state)] : [];
  });
  if (images.length + steps.length < 2) return undefined;
  const [first] = steps;
  // What another image waits for is waited for through that; nothing waits for a reused image.
  const bases = new Set(amongImages.map(([from]) => from));
  const tops = images.filter(({ id, state }) => state !== 'reused' && !bases.has(id));
  const edges = [
    ...amongImages,
    ...(first ? tops.map(({ id }) => [id, first.id] as const) : []),
    ...steps.slice(1).map(({ id }, at) => [steps[at]?.id ?? '', id] as const),
  ];
  const graph: Graph = { nodes: [...images, ...steps], edges };
  return renderMermaid(graph);
}

/** A box for each image that is built, where they are few, and for each state of the others; and who waits for whom. */
function imageNodes(build: Build): { images: GraphNode[]; edges: Graph['edges'] } {
  const rows = build.rows.filter(({ kind }) => kind === 'image');
  const built = rows.filter(({ state }) => state !== 'reused');
  const all = built.length <= BOXES && build.others === undefined;
  const shown = all
    ? built
    : [
        ...rows.filter(({ state }) => state === 'failed'),
        ...rows.filter(({ state }) => state === 'running'),
      ].slice(0, TOLD);
  const rest: Record<StepRow['state'], number> = { ...imageCounts(build) };
  for (const { state } of shown) rest[state] -= 1;
  const groups = ORDER.flatMap((state) => {
    const count = rest[state];
    if (count === 0) return [];
    const text = countText(state, count);
    const label = shown.some((row) => row.state === state) ? text.replace(' ', ' more ') : text;
    return [node(`rest-${state}`, label, 'build', state)];
  });
  const boxes = shown.map(({ name, state }, at) => node(`image-${at}`, name, 'build', state));
  const ids = new Map(shown.map(({ name }, at) => [name, `image-${at}`] as const));
  const edges = shown.flatMap(({ buildsOn = [] }, at) =>
    buildsOn.flatMap((base) => {
      const from = ids.get(base);
      return from === undefined ? [] : [[from, `image-${at}`] as const];
    }),
  );
  return { images: [...boxes, ...groups], edges };
}

function node(id: string, label: string, kind: GraphNode['kind'], state: StepRow['state']): GraphNode {
  return { id, label: `${MARKS[state]} ${label}`, kind, state: STATES[state] };
}
