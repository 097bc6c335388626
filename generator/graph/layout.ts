import { type Graph, type GraphNode, neighbours } from './graph.js';

/** In pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where each thing of a picture stands. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly (Box & { readonly node: GraphNode; readonly text: string })[];
  /** A frame round many steps that wait for the same and are waited for by the same: it has one edge for all. */
  readonly frames: readonly (Box & { readonly count: number })[];
  readonly edges: readonly { readonly from: Box; readonly to: Box }[];
}

const CHARACTER = 7.5;
const LONGEST = 40;
const NODE_HEIGHT = 30;
const GAP = 12;
const LAYER_GAP = 72;
const MARGIN = 20;
/** So many alike are drawn with an edge each; more become a frame of several columns. */
const ALIKE = 12;
const HEADING = 20;

type Block = Omit<Box, 'x' | 'y'> & {
  readonly nodes: readonly GraphNode[];
  readonly columns: number;
  readonly framed: boolean;
};

/** Places a graph in layers from left to right: each step right of all that it waits for. */
export function layOut(graph: Graph): Layout {
  const { before, after } = neighbours(graph);
  const layers = layersOf(graph, before).map((nodes) => blocksOf(nodes, before, after));
  const heights = layers.map((blocks) => sum(blocks.map(({ height }) => height)) + GAP * (blocks.length - 1));
  const height = Math.max(0, ...heights);
  const nodes: Layout['nodes'][number][] = [];
  const frames: Layout['frames'][number][] = [];
  const anchors = new Map<string, Box>();

  let x = MARGIN;
  layers.forEach((blocks, layer) => {
    const width = Math.max(...blocks.map((block) => block.width));
    let y = MARGIN + (height - (heights[layer] ?? 0)) / 2;
    for (const block of blocks) {
      const box: Box = { x, y, width: block.width, height: block.height };
      if (block.framed) frames.push({ ...box, count: block.nodes.length });
      for (const placed of place(block, box)) {
        nodes.push(placed);
        anchors.set(placed.node.id, block.framed ? box : placed);
      }
      y += block.height + GAP;
    }
    x += width + LAYER_GAP;
  });
  return {
    width: x - LAYER_GAP + MARGIN,
    height: height + 2 * MARGIN,
    nodes,
    frames,
    edges: edgesOf(graph, anchors),
  };
}

function layersOf(graph: Graph, before: ReadonlyMap<string, readonly string[]>): GraphNode[][] {
  const depths = new Map<string, number>();
  const depth = (id: string): number => {
    let known = depths.get(id);
    if (known === undefined) {
      known = Math.max(0, ...(before.get(id) ?? []).map((other) => depth(other) + 1));
      depths.set(id, known);
    }
    return known;
  };
  const layers: GraphNode[][] = [];
  for (const node of graph.nodes) (layers[depth(node.id)] ??= []).push(node);
  return layers;
}

/** Joins the nodes of a layer that have the same neighbours; a small group falls into its nodes again. */
function blocksOf(
  nodes: readonly GraphNode[],
  before: ReadonlyMap<string, readonly string[]>,
  after: ReadonlyMap<string, readonly string[]>,
): Block[] {
  const groups = new Map<string, GraphNode[]>();
  for (const node of nodes) {
    const key = JSON.stringify([before.get(node.id), after.get(node.id)]);
    const group = groups.get(key);
    if (group) group.push(node);
    else groups.set(key, [node]);
  }
  const width = widthOf(nodes);
  return [...groups.values()].flatMap((group): Block[] => {
    if (group.length <= ALIKE) {
      return group.map((node) => ({ nodes: [node], columns: 1, framed: false, width, height: NODE_HEIGHT }));
    }
    const columns = Math.min(Math.ceil(group.length / ALIKE), 5);
    const rows = Math.ceil(group.length / columns);
    return [
      {
        nodes: group,
        columns,
        framed: true,
        width: columns * (width + GAP) + GAP,
        height: rows * (NODE_HEIGHT + GAP) + GAP + HEADING,
      },
    ];
  });
}

function place(block: Block, box: Box): Layout['nodes'][number][] {
  const width = block.framed ? (block.width - GAP) / block.columns - GAP : block.width;
  const rows = Math.ceil(block.nodes.length / block.columns);
  const inset = block.framed ? GAP : 0;
  const top = block.framed ? HEADING : 0;
  return block.nodes.map((node, at) => ({
    node,
    text: shorten(node.label),
    x: box.x + inset + Math.floor(at / rows) * (width + GAP),
    y: box.y + inset + top + (at % rows) * (NODE_HEIGHT + GAP),
    width,
    height: NODE_HEIGHT,
  }));
}

/** One edge for each pair of boxes, however many edges of the graph it represents. */
function edgesOf(graph: Graph, anchors: ReadonlyMap<string, Box>): Layout['edges'][number][] {
  const drawn = new Map<Box, Set<Box>>();
  return graph.edges.flatMap(([source, target]) => {
    const from = anchors.get(source);
    const to = anchors.get(target);
    if (!from || !to || drawn.get(from)?.has(to)) return [];
    drawn.set(from, (drawn.get(from) ?? new Set()).add(to));
    return [{ from, to }];
  });
}

function widthOf(nodes: readonly GraphNode[]): number {
  return Math.max(...nodes.map(({ label }) => shorten(label).length)) * CHARACTER + 28;
}

/** Cuts a long label in its middle: the ends tell names of one family apart. */
function shorten(label: string): string {
  const characters = Array.from(label);
  if (characters.length <= LONGEST) return label;
  const half = (LONGEST - 1) / 2;
  return `${characters.slice(0, Math.ceil(half)).join('')}…${characters.slice(-Math.floor(half)).join('')}`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
