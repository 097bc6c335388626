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
];

/** Not by colour alone. */
const MARKS: Readonly<Record<StepRow['state'], string>> = {
  pending: '○',
  running: '●',
  succeeded: '✓',
  failed: '✗',
  omitted: '–',
  stopped: '■',
};
const STATES: Readonly<Record<StepRow['state'], NodeState>> = {
  pending: 'waiting',
  running: 'running',
  succeeded: 'succeeded',
  failed: 'failed',
  omitted: 'skipped',
  stopped: 'skipped',
};
const STEPS = [
  ['compile', 'compile'],
  ['publish', 'publish'],
  ['pin', 'publish'],
  ['run', 'run'],
] as const;

/** The DAG of a build as a Mermaid flowchart, coloured by state; undefined where a picture would say nothing. */
export function picture(build: Build): string | undefined {
  const images = imageNodes(build);
  const steps = STEPS.flatMap(([kind, name]) => {
    const row = build.rows.find((each) => each.kind === kind);
    return row ? [node(name, name, name, row.state)] : [];
  });
  if (images.length + steps.length < 2) return undefined;
  const [first] = steps;
  const edges = [
    ...(first ? images.map(({ id }) => [id, first.id] as const) : []),
    ...steps.slice(1).map(({ id }, at) => [steps[at]?.id ?? '', id] as const),
  ];
  const graph: Graph = { nodes: [...images, ...steps], edges };
  return renderMermaid(graph);
}

function imageNodes(build: Build): GraphNode[] {
  const rows = build.rows.filter(({ kind }) => kind === 'image');
  const box = ({ name, state }: StepRow, at: number): GraphNode => node(`image-${at}`, name, 'build', state);
  if (rows.length <= BOXES && build.others === undefined) return rows.map(box);
  const shown = [
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
  return [...shown.map(box), ...groups];
}

function node(id: string, label: string, kind: GraphNode['kind'], state: StepRow['state']): GraphNode {
  return { id, label: `${MARKS[state]} ${label}`, kind, state: STATES[state] };
}
