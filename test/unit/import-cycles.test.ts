import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

import { expect } from 'chai';
import ts from 'typescript';

import { FOLDERS } from '../support/product-files.js';

const ROOT = join(import.meta.dirname, '../..');

/** The files that each file imports or re-exports, types too; paths from the root of the repository. */
type ImportGraph = ReadonlyMap<string, readonly string[]>;

describe('the imports of the sources', () => {
  it('have no cycle, types included', () => {
    const graph = readImports();
    expect(graph.size).to.be.greaterThan(400);
    expect(findCycles(graph)).to.deep.equal([]);
  });

  it('would show a cycle', () => {
    const graph = new Map([
      ['a.ts', ['b.ts', 'd.ts']],
      ['b.ts', ['c.ts']],
      ['c.ts', ['a.ts', 'd.ts']],
      ['d.ts', []],
      ['e.ts', ['e.ts']],
    ]);
    expect(findCycles(graph)).to.deep.equal([
      ['a.ts', 'b.ts', 'c.ts', 'a.ts'],
      ['e.ts', 'e.ts'],
    ]);
  });

  it('are found in every form', () => {
    const text = [
      `import { a } from './a.js';`,
      `import type { B } from '../b.js';`,
      `export * from './c.js';`,
      `export type { D } from './d.js';`,
      `const e = await import('./e.js');`,
      `import fs from 'node:fs';`,
    ].join('\n');
    expect(importsOf('x/y/z.ts', text)).to.deep.equal([
      'x/y/a.ts',
      'x/b.ts',
      'x/y/c.ts',
      'x/y/d.ts',
      'x/y/e.ts',
    ]);
  });
});

function readImports(): ImportGraph {
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts'))
      .map((path) => join(folder, path)),
  );
  return new Map(
    ['index.ts', ...files].map((file) => [file, importsOf(file, readFileSync(join(ROOT, file), 'utf8'))]),
  );
}

function importsOf(file: string, text: string): string[] {
  return ts
    .preProcessFile(text, true, true)
    .importedFiles.filter(({ fileName }) => fileName.startsWith('.'))
    .map(({ fileName }) => normalize(join(dirname(file), fileName)).replace(/\.js$/, '.ts'));
}

/** The cycles that a depth-first search meets, each as its files in order. It misses cycles only if it reports another. */
function findCycles(graph: ImportGraph): string[][] {
  const cycles: string[][] = [];
  const finished = new Set<string>();
  const path: string[] = [];
  const visit = (file: string): void => {
    if (finished.has(file)) return;
    const start = path.indexOf(file);
    if (start >= 0) {
      cycles.push([...path.slice(start), file]);
      return;
    }
    path.push(file);
    for (const imported of graph.get(file) ?? []) visit(imported);
    path.pop();
    finished.add(file);
  };
  for (const file of graph.keys()) visit(file);
  return cycles;
}
