import { readFileSync, writeFileSync } from 'node:fs';

import { expect } from 'chai';

import { renderDot } from '../../../../generator/graph/dot.js';
import type { Graph } from '../../../../generator/graph/graph.js';
import { renderMermaid } from '../../../../generator/graph/mermaid.js';
import { renderSvg } from '../../../../generator/graph/svg.js';
import { renderTree } from '../../../../generator/graph/tree.js';
import { diamond, fan, HOSTILE } from './graphs.js';

const RENDERERS = {
  tree: renderTree,
  mermaid: renderMermaid,
  dot: renderDot,
  svg: renderSvg,
} satisfies Record<string, (graph: Graph) => string>;

const GRAPHS: Record<string, Graph> = {
  fan: fan(['iris_train', 'iris_serve']),
  'no-images': fan([], false),
  diamond: diamond(),
  hostile: fan(HOSTILE, false),
};

/** Compares with the file in expected/; UPDATE_EXPECTED=1 writes it anew. */
function expectFile(name: string, actual: string): void {
  const file = new URL(`./expected/${name}`, import.meta.url);
  if (process.env.UPDATE_EXPECTED) writeFileSync(file, actual);
  expect(actual).to.equal(readFileSync(file, 'utf8'));
}

describe('graph renderers', () => {
  for (const [format, render] of Object.entries(RENDERERS)) {
    for (const [name, graph] of Object.entries(GRAPHS)) {
      it(`${name} as ${format}`, () => {
        expectFile(`${name}.${format}`, render(graph));
      });
    }
  }

  it('a tree cuts long lists and counts the rest', () => {
    const names = Array.from({ length: 200 }, (_, at) => `image-${at}`);
    const tree = renderTree(fan(names), { maxChildren: 3 });
    expect(tree.split('\n')).to.have.length(2 + 3 + 1 + 1);
    expect(tree).to.include('└─ … 197 more');
  });

  it('a tree writes a shared step out once', () => {
    const graph: Graph = {
      nodes: ['a', 'b', 'c', 'd', 'e'].map((id) => ({ id, label: id, kind: 'build' })),
      edges: [
        ['a', 'b'],
        ['b', 'c'],
        ['b', 'd'],
        ['c', 'e'],
        ['d', 'e'],
      ],
    };
    expect(renderTree(graph)).to.equal('e\n├─ c\n│  └─ b\n│     └─ a\n└─ d\n   └─ b (above)\n');
  });

  it('no name of an image becomes markup in SVG', () => {
    const svg = renderSvg(fan(HOSTILE));
    expect(svg).not.to.include('<script>');
    // eslint-disable-next-line no-control-regex -- these are the characters it is for
    expect(svg).not.to.match(/[\u0000-\u0008\u001b]/);
  });

  it('200 images: boxes do not overlap, and all lie in the picture', () => {
    const names = Array.from({ length: 200 }, (_, at) => `team_image_number_${at}`);
    const svg = renderSvg(fan(names));
    const [, width, height] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg)!.map(Number);
    const boxes = [
      ...svg.matchAll(
        /<g class="node[^>]*>.*?<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"/g,
      ),
    ].map((match) => match.slice(1).map(Number) as [number, number, number, number]);
    expect(boxes).to.have.length(202);
    for (const [x, y, w, h] of boxes) {
      expect(x + w).to.be.at.most(width!);
      expect(y + h).to.be.at.most(height!);
    }
    for (const [at, [x, y, w, h]] of boxes.entries()) {
      for (const [x2, y2, w2, h2] of boxes.slice(at + 1)) {
        expect(x + w <= x2 || x2 + w2 <= x || y + h <= y2 || y2 + h2 <= y).to.be.true;
      }
    }
    expect(svg.match(/class="edge"/g)).to.have.length(2);
  });

  it('is deterministic', () => {
    for (const render of Object.values(RENDERERS)) expect(render(diamond())).to.equal(render(diamond()));
  });
});
