import type { Plan, PlannedImage } from '../plan/plan-types.js';
import { NAMES } from '../workflow/names.js';

/** How far a step of a running workflow is. `reused`: an image that needs no build, for which no step waits. */
export type NodeState = 'waiting' | 'running' | 'succeeded' | 'failed' | 'skipped' | 'reused';

/** A step of the workflow. */
export interface GraphNode {
  /** Name of its task in the DAG. */
  readonly id: string;
  /** For people: an image's name, with `(reused)` if it isn't built; else what the step does. */
  readonly label: string;
  readonly kind: 'build' | 'compile' | 'publish' | 'run';
  /** Absent before it was submitted, except of a reused image. */
  readonly state?: NodeState;
}

/** The steps of a workflow and which waits for which. Free of cycles. */
export interface Graph {
  readonly nodes: readonly GraphNode[];
  /** `[from, to]`: `to` starts after `from`. By id. */
  readonly edges: readonly (readonly [from: string, to: string])[];
}

/**
 * The DAG that a plan becomes: every build after those that it is based on, then the compile step, publishing, and the
 * run where one is asked for. Images that are reused are nodes without edges.
 */
export function planGraph(plan: Plan): Graph {
  const images = plan.images.map(imageNode);
  const built = plan.images.filter(({ decision }) => decision.action === 'build');
  const tasks = new Map(built.map(({ name, task }) => [name, task] as const));
  const amongBuilds = built.flatMap(({ task, buildsOn }) =>
    buildsOn.flatMap((base) => {
      const from = tasks.get(base);
      return from === undefined ? [] : [[from, task] as const];
    }),
  );
  // The compile step waits for all builds; an edge from a base would repeat what the edges above it say.
  const bases = new Set(amongBuilds.map(([from]) => from));
  const tops = built.filter(({ task }) => !bases.has(task));
  const last: GraphNode[] = [
    { id: NAMES.compile, label: 'compile pipeline', kind: 'compile' },
    { id: NAMES.publish, label: 'publish pipeline', kind: 'publish' },
    ...(plan.run ? [{ id: NAMES.run, label: 'run pipeline', kind: 'run' } as const] : []),
  ];
  const inLine = last.slice(1).map(({ id }, i) => [last[i]?.id ?? '', id] as const);
  return {
    nodes: [...images, ...last],
    edges: [...amongBuilds, ...tops.map(({ task }) => [task, NAMES.compile] as const), ...inLine],
  };
}

function imageNode({ task, name, decision }: PlannedImage): GraphNode {
  return decision.action === 'build'
    ? { id: task, label: name, kind: 'build' }
    : { id: task, label: `${name} (reused)`, kind: 'build', state: 'reused' };
}

/** For each node the ids of those it waits for (`before`) and those that wait for it (`after`), in the graph's order. */
export function neighbours(graph: Graph): {
  before: ReadonlyMap<string, readonly string[]>;
  after: ReadonlyMap<string, readonly string[]>;
} {
  const before = new Map<string, string[]>(graph.nodes.map(({ id }) => [id, []]));
  const after = new Map<string, string[]>(graph.nodes.map(({ id }) => [id, []]));
  for (const [from, to] of graph.edges) {
    before.get(to)?.push(from);
    after.get(from)?.push(to);
  }
  return { before, after };
}
