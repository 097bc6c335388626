import { PassThrough } from 'node:stream';
import type { IncomingMessage } from 'node:http';

import { expect } from 'chai';
import fc from 'fast-check';

import { BodyReader, type BodyLimits } from '../../../../server/http/body.js';

const LIMITS: BodyLimits = { bytes: 100_000, totalBytes: 200_000, firstByteMs: 100_000, ms: 100_000 };

const keep = (body: Buffer): Promise<Buffer> => Promise.resolve(body);

describe('BodyReader', () => {
  let held: number;
  const create = (limits: Partial<BodyLimits> = {}): BodyReader =>
    new BodyReader({ ...LIMITS, ...limits }, (bytes) => (held = bytes));
  const request = (length: number | undefined, address = '10.0.0.1'): PassThrough & IncomingMessage => {
    const headers = length === undefined ? {} : { 'content-length': String(length) };
    return Object.assign(new PassThrough(), {
      headers,
      socket: { remoteAddress: address },
    }) as unknown as PassThrough & IncomingMessage;
  };
  beforeEach(() => {
    held = 0;
  });

  it('gives back what was sent, in whatever pieces it came, and holds nothing afterwards', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 20_000 }), { maxLength: 5 }), async (pieces) => {
        const all = Buffer.concat(pieces);
        const sent = request(all.length);
        const read = create().read(sent, keep);
        for (const piece of pieces) sent.write(piece);
        sent.end();
        expect(all.equals((await read) as Buffer)).to.equal(true);
        expect(held).to.equal(0);
      }),
    );
  });

  it('reads a body that is as large as it may be, and none that is larger or says no length', async () => {
    const exact = request(100_000);
    const read = create().read(exact, keep);
    exact.end(Buffer.alloc(100_000));
    expect(await read).to.have.length(100_000);
    for (const [length, problem] of [
      [100_001, 'too-large'],
      [undefined, 'no-length'],
    ] as const) {
      const refused = request(length);
      // Where the body is waited for, the answer is another one.
      setImmediate(() => refused.destroy());
      expect(await create().read(refused, keep)).to.equal(problem);
    }
  });

  it('holds a body until it is verified', async () => {
    const sent = request(10);
    let verified = (): void => undefined;
    const read = create().read(sent, async () => {
      await new Promise<void>((resolve) => (verified = resolve));
      return 'verified' as const;
    });
    sent.end(Buffer.alloc(10));
    await new Promise(setImmediate);
    expect(held).to.equal(10);
    verified();
    expect(await read).to.equal('verified');
    expect(held).to.equal(0);
    const failing = request(10);
    const failed = create().read(failing, () => Promise.reject(new Error('no')));
    failing.end(Buffer.alloc(10));
    expect(await failed.catch(String)).to.equal('Error: no');
    expect(held).to.equal(0);
  });

  it('refuses pieces of a byte, long before they are many', async () => {
    const tiny = request(90_000);
    const read = create().read(tiny, keep);
    let sent = 0;
    for (; sent < 1020; sent++) tiny.write('x');
    await new Promise(setImmediate);
    expect(held, '1,020 are read').to.be.within(1020, 16_384);
    for (; sent < 1100; sent++) tiny.write('x');
    tiny.end();
    expect(await read).to.equal('too-large');
    expect(held).to.equal(0);
  });

  it('takes 1,024 pieces, and one more for each 256 bytes', async () => {
    for (const [last, result] of [
      [252, 1280],
      [251, 'too-large'],
    ] as const) {
      const sent = request(1028 + last);
      const read = create().read(sent, keep);
      for (let i = 0; i < 1028; i++) sent.write('x');
      sent.end(Buffer.alloc(last));
      const body = await read;
      expect(typeof body === 'string' ? body : body.length).to.equal(result);
    }
  });

  it('drops a body that does not fit by itself', async () => {
    const sent = request(90_000);
    const read = create({ totalBytes: 20_000 }).read(sent, keep);
    for (const size of [10_000, 20_000]) {
      sent.write(Buffer.alloc(size));
      await new Promise(setImmediate);
    }
    expect(await read).to.equal('dropped');
    expect(held).to.equal(0);
    sent.destroy();
  });

  it('counts what is held, not what is announced', async () => {
    const reader = create();
    const slow = request(90_000);
    const read = reader.read(slow, keep);
    slow.write('x');
    await new Promise(setImmediate);
    expect(held).to.equal(1);
    slow.write('xx');
    await new Promise(setImmediate);
    expect(held).to.equal(16_384);
    slow.write(Buffer.alloc(80_000));
    await new Promise(setImmediate);
    expect(held).to.equal(80_003);
    slow.write(Buffer.alloc(9_000));
    await new Promise(setImmediate);
    expect(held, 'never more than announced').to.equal(90_000);
    slow.destroy();
    expect(await read).to.equal('gone');
  });

  it('drops the oldest body of the sender that holds most', async () => {
    const reader = create();
    const other = request(60_000, '10.0.0.2');
    const bodies = [other, request(80_000), request(80_000), request(50_000)];
    const results = bodies.map((body) => reader.read(body, keep));
    for (const body of bodies) {
      body.write(Buffer.alloc(Number(body.headers['content-length']) - 1));
      await new Promise(setImmediate);
    }
    expect(await results[1]).to.equal('dropped');
    expect(held).to.equal(60_000 + 80_000 + 50_000 - 3);
    for (const body of bodies) body.end('x');
    expect((await Promise.all(results)).map((result) => result.length)).to.deep.equal([
      60_000,
      'dropped'.length,
      80_000,
      50_000,
    ]);
    expect(held).to.equal(0);
  });

  it('says when the sender goes away, or is too slow to begin or to end', async () => {
    const gone = request(10);
    const read = create().read(gone, () => Promise.reject(new Error('nothing is there to verify')));
    gone.destroy(new Error('reset'));
    expect(await read).to.equal('gone');
    expect(await create({ firstByteMs: 5 }).read(request(10), keep)).to.equal('too-slow');
    const begun = request(10);
    const slow = create({ firstByteMs: 20, ms: 60 }).read(begun, keep);
    begun.write('x');
    expect(await slow).to.equal('too-slow');
  });

  it('stops the clocks when a body is over', async () => {
    const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const sent = request(1);
    // The test's own clock starts now.
    await new Promise(setImmediate);
    const before = timers();
    const read = create({ firstByteMs: 90_000 }).read(sent, keep);
    expect(timers()).to.equal(before + 2);
    sent.end('x');
    await read;
    expect(timers()).to.equal(before);
  });
});
