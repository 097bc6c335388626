import type { Graph } from './graph.js';

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
    '  classDef build stroke:#0969da',
    '  classDef compile stroke:#8250df',
    '  classDef run stroke:#bf8700',
    ...(graph.nodes.some(({ state }) => state) ? STATES : []),
  ];
  return `${lines.join('\n')}\n`;
}

const STATES = [
  '  classDef waiting stroke:#6e7781,stroke-dasharray:3',
  '  classDef running stroke:#bf8700,stroke-width:3px',
  '  classDef succeeded stroke:#1a7f37,stroke-width:3px',
  '  classDef failed stroke:#cf222e,stroke-width:3px',
  '  classDef skipped stroke:#6e7781,stroke-dasharray:3',
];

/** Mermaid reads `#35;` as the character with that number; whatever could be syntax is written so. */
function escapeLabel(text: string): string {
  return text.replace(/[^A-Za-z0-9 ._/:-]/gu, (char) => `#${char.codePointAt(0) ?? 0};`);
}
