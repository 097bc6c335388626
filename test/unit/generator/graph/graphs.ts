import { planGraph, type Graph, type GraphNode } from '../../../../generator/graph/graph.js';
import { anImage, aPlan } from '../../../support/plan.js';

/** Names that would be syntax in one of the formats, or would move a terminal's cursor. */
export const HOSTILE = [
  'a"]; b --> c',
  '<script>alert(1)</script>',
  '\\N',
  '\u001b[2J',
  '#35;&amp;',
  '`x`\n"y"',
];

/** The usual shape: all builds, then compile, then run. */
export function fan(builds: readonly string[], run = true): Graph {
  const nodes: GraphNode[] = builds.map((label) => ({ id: `build-${label}`, label, kind: 'build' }));
  const compile: GraphNode = { id: 'compile-pipeline', label: 'compile pipeline', kind: 'compile' };
  const edges = nodes.map(({ id }) => [id, compile.id] as const);
  if (!run) return { nodes: [...nodes, compile], edges };
  const last: GraphNode = { id: 'run-pipeline', label: 'run pipeline', kind: 'run' };
  return { nodes: [...nodes, compile, last], edges: [...edges, [compile.id, last.id]] };
}

/** A plan's images: one is built on another, two are reused. */
export function partlyReused(): Graph {
  const reused = { action: 'reuse', digest: `sha256:${'a'.repeat(64)}` } as const;
  return planGraph(
    aPlan({
      images: [
        anImage('base'),
        anImage('trainer', { buildsOn: ['base', 'loader'] }),
        anImage('server', { decision: reused }),
        anImage('loader', { decision: reused }),
        anImage('features'),
      ],
    }),
  );
}

/** Images that build on each other, two of them on the same base. */
export function diamond(): Graph {
  const plain = fan(['base', 'trainer', 'server'], false);
  return {
    nodes: plain.nodes.map((node, at) => ({
      ...node,
      state: (['succeeded', 'running', 'failed', 'waiting'] as const)[at]!,
    })),
    edges: [['build-base', 'build-trainer'], ['build-base', 'build-server'], ...plain.edges.slice(1)],
  };
}
