import type { Plan } from '../plan/plan-types.js';
import { NAMES } from '../workflow/names.js';

/** How far a step of a running workflow is. */
export type NodeState = 'waiting' | 'running' | 'succeeded' | 'failed' | 'skipped';

/** A step of the workflow. */
export interface GraphNode {
  /** Name of its task in the DAG. */
  readonly id: string;
  /** For people: the image's name for a build, else what the step does. */
  readonly label: string;
  readonly kind: 'build' | 'compile' | 'publish' | 'run';
  /** Absent before it was submitted. */
  readonly state?: NodeState;
}

/** The steps of a workflow and which waits for which. Free of cycles. */
export interface Graph {
  readonly nodes: readonly GraphNode[];
  /** `[from, to]`: `to` starts after `from`. By id. */
  readonly edges: readonly (readonly [from: string, to: string])[];
}

/** The DAG that a plan becomes: every build, then the compile step, publishing, and the run where one is asked for. */
export function planGraph(plan: Plan): Graph {
  const builds = plan.images.map(({ task, name }): GraphNode => ({ id: task, label: name, kind: 'build' }));
  const last: GraphNode[] = [
    { id: NAMES.compile, label: 'compile pipeline', kind: 'compile' },
    { id: NAMES.publish, label: 'publish pipeline', kind: 'publish' },
    ...(plan.run ? [{ id: NAMES.run, label: 'run pipeline', kind: 'run' } as const] : []),
  ];
  const inLine = last.slice(1).map(({ id }, i) => [last[i]?.id ?? '', id] as const);
  return {
    nodes: [...builds, ...last],
    edges: [...builds.map(({ id }) => [id, NAMES.compile] as const), ...inLine],
  };
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
