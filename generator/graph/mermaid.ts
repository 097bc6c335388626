import type { Graph, NodeState } from './graph.js';

/** The graph as a Mermaid flowchart, as GitHub shows it in a ```` ```mermaid ```` block. */
export function renderMermaid(graph: Graph): string {
  const ids = new Map(graph.nodes.map(({ id }, at) => [id, `n${at}`]));
  const idOf = (id: string): string => ids.get(id) ?? '';
  const lines = [
    'flowchart LR',
    ...graph.nodes.map(({ id, label, kind, state }) => {
      const text = escapeLabel(label);
      const shape = kind === 'build' ? `["${text}"]` : `(["${text}"])`;
      return `  ${idOf(id)}${shape}:::${state ?? kind}`;
    }),
    ...graph.edges.map(([from, to]) => `  ${idOf(from)} --> ${idOf(to)}`),
    ...(graph.nodes.some(({ state }) => state === undefined) ? KINDS : []),
    ...STATES.filter(([state]) => graph.nodes.some((node) => node.state === state)).map(
      ([state, style]) => `  classDef ${state} ${style}`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

const KINDS = [
  '  classDef build stroke:#0969da',
  '  classDef compile stroke:#8250df',
  '  classDef publish stroke:#1b7c83',
  '  classDef run stroke:#bf8700',
];

/** White on these is readable whether the page is light or dark; what has not begun has the page's own colours. */
const STATES: readonly (readonly [state: NodeState, style: string])[] = [
  ['waiting', 'stroke:#818b98,stroke-dasharray:4'],
  ['running', 'fill:#9a6700,stroke:#d4a72c,stroke-width:3px,color:#ffffff'],
  ['succeeded', 'fill:#1a7f37,stroke:#1a7f37,color:#ffffff'],
  ['failed', 'fill:#cf222e,stroke:#cf222e,color:#ffffff'],
  ['skipped', 'stroke:#818b98,stroke-dasharray:4'],
  ['reused', 'stroke:#818b98'],
];

/** Mermaid reads `#35;` as the character with that number; whatever could be syntax is written so. */
function escapeLabel(text: string): string {
  return text.replace(/[^A-Za-z0-9 ._/:-]/gu, (char) => `#${char.codePointAt(0) ?? 0};`);
}
