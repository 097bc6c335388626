import { expect } from 'chai';
import fc from 'fast-check';

import { orderImages, withBases } from '../../../../generator/reuse/order.js';

/** Graphs of up to 12 images; each edge leads from an image to one that it is based on. */
const graphs = fc
  .array(fc.array(fc.nat(11), { maxLength: 4 }), { maxLength: 12 })
  .map((lists) => lists.map((bases) => bases.filter((base) => base < lists.length)));

/** All that an image is based on, one step after another. */
function reach(graph: readonly (readonly number[])[], from: number): ReadonlySet<number> {
  let found = new Set(graph[from]);
  for (;;) {
    const next = new Set([...found, ...[...found].flatMap((image) => graph[image] ?? [])]);
    if (next.size === found.size) return found;
    found = next;
  }
}

/** The order in words: each image of the configuration in turn, but first what it is based on. */
function referenceOrder(graph: readonly (readonly number[])[]): readonly number[] {
  const order = new Set<number>();
  const add = (image: number): void => {
    for (const base of order.has(image) ? [] : (graph[image] ?? [])) add(base);
    order.add(image);
  };
  [...graph.keys()].forEach(add);
  return [...order];
}

describe('orderImages', () => {
  it('puts every image behind all that it is based on, or names a circle', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const hasCycle = graph.some((_, image) => reach(graph, image).has(image));
        const result = orderImages(graph);
        expect('cycle' in result).to.equal(hasCycle);
        if ('cycle' in result) {
          const { cycle } = result;
          cycle.forEach((image, i) => {
            expect(graph[image]).to.include(cycle[(i + 1) % cycle.length]);
          });
          expect(new Set(cycle).size).to.equal(cycle.length);
          return;
        }
        expect([...result.order].sort((a, b) => a - b)).to.deep.equal([...graph.keys()]);
        const at = new Map(result.order.map((image, position) => [image, position]));
        graph.forEach((bases, image) => {
          for (const base of bases) expect(at.get(base)).to.be.below(at.get(image) ?? -1);
        });
        expect(result.order).to.deep.equal(referenceOrder(graph));
      }),
    );
  });

  it('keeps the order of the configuration where nothing says otherwise', () => {
    expect(orderImages([[], [], []])).to.deep.equal({ order: [0, 1, 2] });
    expect(orderImages([[2], [], [1]])).to.deep.equal({ order: [1, 2, 0] });
  });

  it('orders a chain of a hundred thousand', () => {
    const chain = Array.from({ length: 100_000 }, (_, i) => (i === 99_999 ? [] : [i + 1]));
    const result = orderImages(chain);
    expect('order' in result && result.order[0]).to.equal(99_999);
  });
});

describe('withBases', () => {
  it('gives what is asked for and all below it', () => {
    fc.assert(
      fc.property(graphs, fc.nat(11), (graph, asked) => {
        fc.pre(asked < graph.length);
        expect(withBases([asked], graph)).to.deep.equal(new Set([asked, ...reach(graph, asked)]));
      }),
    );
  });
});
