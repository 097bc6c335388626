import { escapeTerminal } from '../../templates/escape.js';
import { type Graph, type GraphNode, type NodeState, neighbours } from './graph.js';

const MARKS: Record<NodeState, string> = {
  waiting: '·',
  running: '▸',
  succeeded: '✓',
  failed: '✗',
  skipped: '-',
  reused: '↺',
};

/** How a tree is written. */
export interface TreeOptions {
  /** Of the steps that one step waits for, and of the reused images, show this many and count the rest. Default: all. */
  readonly maxChildren?: number;
}

/**
 * The graph as a tree of task names, the last step at its root: each step starts after those below it. A step that
 * several wait for is written out once; elsewhere it has `(above)`. Images that need no build follow the tree.
 */
export function renderTree(graph: Graph, options: TreeOptions = {}): string {
  const { maxChildren = Infinity } = options;
  const { before, after } = neighbours(graph);
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const shown = new Set<string>();
  const lines: string[] = [];

  const write = (id: string, lead: string, indent: string): void => {
    const state = nodes.get(id)?.state;
    const children = before.get(id) ?? [];
    const again = shown.has(id) && children.length > 0;
    shown.add(id);
    lines.push(
      `${lead}${state ? `${MARKS[state]} ` : ''}${escapeTerminal(id)}${again ? ' (above)' : state === 'reused' ? ' (reused)' : ''}`,
    );
    if (again) return;
    const more = children.length - maxChildren;
    const listed = more > 0 ? children.slice(0, maxChildren) : children;
    listed.forEach((child, at) => {
      const last = more <= 0 && at === listed.length - 1;
      write(child, `${indent}${last ? '└─ ' : '├─ '}`, `${indent}${last ? '   ' : '│  '}`);
    });
    if (more > 0) lines.push(`${indent}└─ … ${more} more`);
  };
  const isReused = ({ state }: GraphNode): boolean => state === 'reused';
  for (const node of graph.nodes)
    if (!isReused(node) && after.get(node.id)?.length === 0) write(node.id, '', '');
  const reused = graph.nodes.filter(isReused);
  for (const { id } of reused.slice(0, maxChildren)) write(id, '', '');
  if (reused.length > maxChildren) lines.push(`${MARKS.reused} … ${reused.length - maxChildren} more`);
  return lines.map((line) => `${line}\n`).join('');
}
