import type { Graph } from './graph.js';
import { type Box, layOut } from './layout.js';

/** The graph as a self-contained picture (no script, no font, no link) that follows light and dark pages. */
export function renderSvg(graph: Graph): string {
  const { width, height, nodes, frames, edges } = layOut(graph);
  const size = `${px(width)} ${px(height)}`;
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size}" width="${px(width)}" height="${px(height)}" role="img">`,
    `<title>Workflow of ${graph.nodes.length} steps</title>`,
    `<style>${STYLE}</style>`,
    '<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="head" d="M0 0 8 4 0 8z"/></marker></defs>',
    ...edges.map(({ from, to }) => `<path class="edge" marker-end="url(#arrow)" d="${curve(from, to)}"/>`),
    ...frames.map(
      (frame) =>
        `<g class="frame"><rect ${rect(frame)} rx="10"/><text x="${px(frame.x + 12)}" y="${px(frame.y + 20)}">${frame.count} steps in parallel</text></g>`,
    ),
    ...nodes.map((box) => {
      const { node, text } = box;
      const at = `x="${px(box.x + 14)}" y="${px(box.y + box.height / 2)}" dy="0.35em"`;
      const title = node.state ? `${node.id}: ${node.state}` : node.id;
      return `<g class="node ${node.state ?? node.kind}"><title>${escapeXml(title)}</title><rect ${rect(box)} rx="6"/><text ${at}>${escapeXml(text)}</text></g>`;
    }),
    '</svg>',
  ];
  return `${lines.join('\n')}\n`;
}

/** The rules for one set of colours. Plain ones, since not every viewer of SVG knows `var()`. */
function rules(c: typeof LIGHT): string {
  return `
svg{background:${c.page}}
text{fill:${c.text}}
.node rect{fill:${c.box};stroke:${c.edge}}
.build rect{stroke:${c.blue}}.compile rect{stroke:${c.violet}}.publish rect{stroke:${c.teal}}.run rect,.running rect{stroke:${c.yellow}}
.succeeded rect{stroke:${c.green}}.failed rect{stroke:${c.red}}
.frame rect{fill:none;stroke:${c.edge}}.frame text{fill:${c.edge}}
.edge{fill:none;stroke:${c.edge}}.head{fill:${c.edge}}
`;
}

const LIGHT = {
  page: '#fff',
  text: '#1f2328',
  edge: '#818b98',
  box: '#f6f8fa',
  blue: '#0969da',
  violet: '#8250df',
  teal: '#1b7c83',
  yellow: '#9a6700',
  green: '#1a7f37',
  red: '#cf222e',
};
const DARK = {
  page: '#0d1117',
  text: '#e6edf3',
  edge: '#7d8590',
  box: '#161b22',
  blue: '#4493f8',
  violet: '#ab7df8',
  teal: '#39c5cf',
  yellow: '#d29922',
  green: '#3fb950',
  red: '#f85149',
};

const STYLE = `
text{font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
.node rect,.edge{stroke-width:1.5}.succeeded rect,.failed rect{stroke-width:2.5}
.waiting rect,.skipped rect,.frame rect{stroke-dasharray:4 3}
${rules(LIGHT)}@media (prefers-color-scheme:dark){${rules(DARK)}}
`;

/** From the right side of one box to the left side of the other. */
function curve(from: Box, to: Box): string {
  const x1 = from.x + from.width;
  const y1 = from.y + from.height / 2;
  const x2 = to.x - 2;
  const y2 = to.y + to.height / 2;
  const middle = (x1 + x2) / 2;
  return `M${px(x1)} ${px(y1)}C${px(middle)} ${px(y1)} ${px(middle)} ${px(y2)} ${px(x2)} ${px(y2)}`;
}

function rect({ x, y, width, height }: Box): string {
  return `x="${px(x)}" y="${px(y)}" width="${px(width)}" height="${px(height)}"`;
}

function px(length: number): number {
  return Math.round(length * 10) / 10;
}

/** XML has no way at all to hold most control characters, so they are left out. */
function escapeXml(text: string): string {
  return (
    text
      // eslint-disable-next-line no-control-regex -- these are the characters it is for
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
      .replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
  );
}
