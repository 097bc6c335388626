import { escapeTerminal } from '../../templates/escape.js';
import type { Graph, GraphNode, NodeState } from './graph.js';

const COLOURS: Record<NodeState | GraphNode['kind'], string> = {
  build: '#0969da',
  compile: '#8250df',
  publish: '#1b7c83',
  run: '#bf8700',
  waiting: '#6e7781',
  running: '#bf8700',
  succeeded: '#1a7f37',
  failed: '#cf222e',
  skipped: '#6e7781',
  reused: '#6e7781',
};

/** The graph in Graphviz' language: `kfops graph --format dot | dot -Tpng`. */
export function renderDot(graph: Graph): string {
  const lines = [
    'digraph kfops {',
    '  rankdir=LR',
    '  node [shape=box, style=rounded, fontname="monospace"]',
    ...graph.nodes.map(
      ({ id, label, kind, state }) =>
        `  ${quote(id)} [label=${quote(label)}, color="${COLOURS[state ?? kind]}"]`,
    ),
    ...graph.edges.map(([from, to]) => `  ${quote(from)} -> ${quote(to)}`),
    '}',
  ];
  return `${lines.join('\n')}\n`;
}

/** A quoted string of DOT. A backslash is doubled, since labels know escapes such as `\N`, the node's name. */
function quote(text: string): string {
  return `"${escapeTerminal(text).replace(/\\/g, '\\\\').replace(/"/g, '\\"')}"`;
}
