import { readFileSync, writeFileSync } from 'node:fs';

import { expect } from 'chai';

import { renderDot } from '../../../../generator/graph/dot.js';
import type { Graph } from '../../../../generator/graph/graph.js';
import { renderMermaid } from '../../../../generator/graph/mermaid.js';
import { renderTree } from '../../../../generator/graph/tree.js';
import { diamond, fan, HOSTILE, partlyReused } from './graphs.js';

const RENDERERS = {
  tree: renderTree,
  mermaid: renderMermaid,
  dot: renderDot,
} satisfies Record<string, (graph: Graph) => string>;

const GRAPHS: Record<string, Graph> = {
  fan: fan(['iris_train', 'iris_serve']),
  'no-images': fan([], false),
  diamond: diamond(),
  hostile: fan(HOSTILE, false),
  reused: partlyReused(),
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

  it('the compile step waits for what no other image is built on, and nothing waits for a reused image', () => {
    expect(partlyReused().edges).to.deep.equal([
      ['build-base', 'build-trainer'],
      ['build-trainer', 'compile-pipeline'],
      ['build-features', 'compile-pipeline'],
      ['compile-pipeline', 'publish-pipeline'],
    ]);
  });

  it('a tree cuts many reused images, too', () => {
    const nodes = Array.from({ length: 9 }, (_, at) => ({
      id: `build-${at}`,
      label: `${at}`,
      kind: 'build' as const,
      state: 'reused' as const,
    }));
    expect(renderTree({ nodes, edges: [] }, { maxChildren: 2 })).to.equal(
      '↺ build-0 (reused)\n↺ build-1 (reused)\n↺ … 7 more\n',
    );
  });

  it('is deterministic', () => {
    for (const render of Object.values(RENDERERS)) expect(render(diamond())).to.equal(render(diamond()));
  });
});
