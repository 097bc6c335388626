import { Readable } from 'node:stream';

import { expect } from 'chai';
import fc from 'fast-check';

import { chunks } from '../../../stores/chunks.js';

describe('chunks', () => {
  it('cuts any stream into pieces of one size, with the same bytes', async () => {
    const data = fc.array(fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)));
    await fc.assert(
      fc.asyncProperty(data, fc.integer({ min: 1, max: 50 }), async (stream, bytes) => {
        const pieces: Buffer[] = [];
        for await (const piece of chunks(Readable.from(stream), bytes)) pieces.push(Buffer.from(piece));
        expect(Buffer.concat(pieces)).to.deep.equal(Buffer.concat(stream));
        expect(pieces.slice(0, -1).every(({ length }) => length === bytes)).to.be.true;
        expect(pieces.at(-1)?.length ?? 1).to.be.within(1, bytes);
      }),
    );
  });

  it('leaves a piece as it is while the next one is read', async () => {
    const pieces = chunks(Readable.from([Buffer.from('aabbcc')]), 2);
    const first = (await pieces.next()).value!;
    const second = (await pieces.next()).value!;
    expect([first.toString(), second.toString()]).to.deep.equal(['aa', 'bb']);
  });
});
