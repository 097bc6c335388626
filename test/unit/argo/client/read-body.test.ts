import { expect } from 'chai';

import { readBody } from '../../../../argo/client/read-body.js';

describe('argo/read-body', () => {
  it('reads an answer, also where a character comes in two pieces', async () => {
    const bytes = Buffer.from('grün');
    expect(await readBody(pieces([bytes.subarray(0, 3), bytes.subarray(3)]))).to.equal('grün');
  });

  it('threat 38: stops at an endless response', async () => {
    const piece = Buffer.alloc(2 ** 20);
    let given = 0;
    const endless = async function* (): AsyncGenerator<Buffer> {
      for (;;) {
        given++;
        yield await Promise.resolve(piece);
      }
    };
    const error = await readBody(endless()).catch((reason: unknown) => reason);
    expect((error as Error).message).to.include('larger than 64 MiB');
    expect(given).to.equal(65);
  });
});

async function* pieces(all: readonly Buffer[]): AsyncGenerator<Buffer> {
  for (const piece of all) yield await Promise.resolve(piece);
}
