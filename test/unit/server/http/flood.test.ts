import { once } from 'node:events';
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';

import { expect } from 'chai';

import { startHttp, type HttpOptions, type HttpServer } from '../../../../server/http/listener.js';
import { createLog } from '../../../../server/telemetry/log.js';
import { metrics as createMetrics } from '../../../../server/telemetry/metrics.js';
import { commentPayload, deliveryHeaders, forgedHead } from '../../../support/webhook.js';

const SECRET = "It's a Secret to Everybody";
const MIB = 2 ** 20;

/** The real limits, but for the time: nothing here may be decided by it. */
const NO_TIME = { firstByteMs: 100_000, ms: 100_000 };

describe('threat 37: an unverified sender that holds memory or connections', () => {
  let server: HttpServer;
  let lines: string[];
  let mostHeld: number;
  let sockets: Socket[];

  const start = async (limits: HttpOptions['limits'] = {}): Promise<void> => {
    lines = [];
    sockets = [];
    mostHeld = 0;
    const metrics = createMetrics();
    server = await startHttp({
      settings: { address: '0.0.0.0', port: 0 },
      secrets: () => [SECRET],
      log: createLog({ level: 'info', to: { write: (line: string) => lines.push(line) > 0 } }),
      metrics: {
        ...metrics,
        unverifiedBytes: (bytes) => {
          mostHeld = Math.max(mostHeld, bytes);
        },
      },
      ready: () => [],
      onDelivery: () => undefined,
      limits: { ...NO_TIME, ...limits },
    });
  };
  /** A delivery with a fake signature that sends so much of its 2 MiB, and then no more. */
  const stall = async (bytes: number): Promise<Socket> => {
    const socket = await open();
    socket.write(`${forgedHead()}content-length: ${2 * MIB}\r\n\r\n`);
    await new Promise((resolve) => socket.write(Buffer.alloc(bytes), resolve));
    return socket;
  };
  const open = async (from = '127.0.0.1'): Promise<Socket> => {
    const socket = connect({ port: server.port, host: '127.0.0.1', localAddress: from });
    socket.on('error', () => undefined).on('data', () => undefined);
    sockets.push(socket);
    await once(socket, 'connect');
    return socket;
  };
  /** A delivery of GitHub, on a connection of its own. */
  const deliver = (from = '127.0.0.1'): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const body = JSON.stringify(commentPayload('/build'));
      const headers = deliveryHeaders(SECRET, 'issue_comment', body);
      request(
        { port: server.port, localAddress: from, path: '/webhook', method: 'POST', headers, agent: false },
        (response) => {
          response.resume();
          resolve(response.statusCode);
        },
      )
        .on('error', reject)
        .end(body);
    });
  const deliverMany = async (count: number): Promise<Set<number | undefined>> => {
    const answers = new Set<number | undefined>();
    for (let i = 0; i < count; i++) answers.add(await deliver());
    return answers;
  };

  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    await server.close(0);
  });

  it('40 slow bodies of 2 MiB refuse no delivery of GitHub from the same address', async () => {
    await start();
    await Promise.all(Array.from({ length: 40 }, () => stall(1.9 * MIB)));
    expect([...(await deliverMany(50))]).to.deep.equal([202]);
    expect(mostHeld).to.be.within(32 * MIB, 64 * MIB);
    expect(
      lines.filter((line) => line.includes('too much memory used by unverified deliveries')),
    ).to.have.length(1);
  });

  it('200 slow bodies refuse none either, while they go on coming', async () => {
    await start();
    const flood = Promise.all(Array.from({ length: 200 }, () => stall(MIB / 2)));
    expect([...(await deliverMany(50))]).to.deep.equal([202]);
    await flood;
    expect([...(await deliverMany(50))]).to.deep.equal([202]);
    expect(mostHeld).to.be.within(32 * MIB, 64 * MIB);
  });

  it('answers 503 to the oldest body of the sender that holds most', async () => {
    await start({ totalBytes: 100_000 });
    const other = await open('127.0.0.2');
    other.write(`${forgedHead()}content-length: 50000\r\n\r\n${'x'.repeat(20_000)}`);
    const first = await stall(50_000);
    const answer = once(first, 'data');
    const second = await stall(50_000);
    expect(String(((await answer) as [Buffer])[0])).to.match(/^HTTP\/1\.1 503 [^]*retry-after: 5/i);
    expect(await deliver()).to.equal(202);
    expect([other.destroyed, second.destroyed]).to.deep.equal([false, false]);
  });

  it('unused connections keep out no delivery of GitHub, wherever they come from', async () => {
    await start({ connections: 50 });
    const used = await open('127.0.0.2');
    used.write('GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n');
    await once(used, 'data');
    const first = await open();
    const closed = once(first, 'close');
    const more: Socket[] = [];
    for (let i = 0; i < 100; i++) more.push(await open());
    await closed;
    expect([...(await deliverMany(20))]).to.deep.equal([202]);
    expect(await deliver('127.0.0.2')).to.equal(202);
    expect(used.destroyed, 'another sender keeps its own').to.equal(false);
    expect(more.at(-1)?.destroyed).to.equal(false);
  });

  it('ends a head that is too large', async () => {
    await start();
    const [large, many] = [await open(), await open()];
    const answers = [large, many].map((socket) => once(socket, 'data'));
    large.write(`${forgedHead()}x: ${'x'.repeat(20_000)}`);
    many.write(`${forgedHead()}${'x: x\r\n'.repeat(200)}content-length: 1\r\nconnection: close\r\n\r\n`);
    const texts = (await Promise.all(answers)).map((data) => String((data as [Buffer])[0]));
    const [ofLarge, ofMany] = texts.map((text) => text.slice(9, 12));
    expect(ofLarge).to.equal('431');
    // Node 20 drops the headers beyond its limit, Node 24 refuses the request.
    expect(ofMany).to.be.oneOf(['411', '431']);
  });

  it('ends a head that does not end', async () => {
    await start({ ms: 200 });
    const slow = await open();
    const answer = once(slow, 'data');
    slow.write(forgedHead());
    expect(String(((await answer) as [Buffer])[0]).slice(9, 12)).to.equal('408');
  });
});
