import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

import { expect } from 'chai';

import {
  startHttp,
  type Delivery,
  type HttpOptions,
  type HttpServer,
} from '../../../../server/http/listener.js';
import { createLog } from '../../../../server/telemetry/log.js';
import { metrics as createMetrics, type Metrics } from '../../../../server/telemetry/metrics.js';
import {
  commentPayload,
  deliveryHeaders,
  examplesOf,
  forgedHead,
  signatureOf,
  startServerProcess,
} from '../../../support/webhook.js';

const SECRET = "It's a Secret to Everybody";

describe('the HTTP server', () => {
  let server: HttpServer;
  let metrics: Metrics;
  let taken: Delivery[];
  let lines: string[];
  let reasons: string[];
  let secrets: string[];
  const sockets: Socket[] = [];

  const start = async (options: Partial<HttpOptions> = {}): Promise<void> => {
    metrics = createMetrics();
    taken = [];
    lines = [];
    reasons = [];
    secrets = [SECRET];
    server = await startHttp({
      settings: { address: '127.0.0.1', port: 0 },
      secrets: () => secrets,
      log: createLog({ level: 'debug', to: { write: (line: string) => lines.push(line) > 0 } }),
      metrics,
      ready: () => reasons,
      onDelivery: (delivery) => {
        taken.push(delivery);
      },
      ...options,
    });
  };
  const url = (path: string): string => `http://127.0.0.1:${server.port}${path}`;
  const post = (body: string | Buffer, headers: Record<string, string>): Promise<Response> =>
    fetch(url('/webhook'), { method: 'POST', body, headers });
  const deliver = (
    event: string,
    payload: unknown,
    change: Record<string, string> = {},
  ): Promise<Response> => {
    const body = JSON.stringify(payload);
    return post(body, { ...deliveryHeaders(SECRET, event, body), ...change });
  };
  /** A connection whose bytes the test writes itself. */
  const raw = async (port = server.port): Promise<{ socket: Socket; answer: Promise<string> }> => {
    const socket = connect(port, '127.0.0.1');
    sockets.push(socket);
    let text = '';
    socket.setEncoding('utf8').on('data', (piece) => (text += String(piece)));
    socket.on('error', () => undefined);
    const answer = closed(socket).then(() => text);
    await once(socket, 'connect');
    return { socket, answer };
  };
  const deliveries = async (outcome: string): Promise<number> => {
    const row = (await metrics.text()).split('\n').find((line) => line.includes(`outcome="${outcome}"`));
    return Number(row?.slice(row.lastIndexOf(' ')) ?? 0);
  };

  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await server.close(0);
  });

  it('hands a delivery on and answers 202', async () => {
    await start();
    const answer = await deliver('issue_comment', commentPayload('/build'));
    expect(answer.status).to.equal(202);
    expect(taken).to.have.length(1);
    expect(taken[0]).to.deep.include({ id: '72d3162e-cc78-11e3-81ab-4c9367dc0958' });
    expect(taken[0]?.event).to.have.nested.property('placed.comment.body', '/build');
    taken[0]?.log.info('looked at');
    expect(JSON.parse(lines.at(-1)!)).to.include({ delivery: taken[0]?.id, msg: 'looked at' });
    expect(await deliveries('accepted')).to.equal(1);
  });

  it('answers 202 to what means nothing, and hands nothing on', async () => {
    await start();
    for (const [event, payload] of [
      ['ping', examplesOf('ping')[0]],
      ['star', 'no JSON is looked for in it'],
      ['issue_comment', commentPayload('fine')],
      ['pull_request', examplesOf('pull_request', 'assigned')[0]],
    ] as const) {
      expect((await deliver(event, payload)).status, event).to.equal(202);
    }
    expect(taken).to.deep.equal([]);
    expect(await metrics.text()).to.include('kfops_deliveries_total{event="other",outcome="ignored"} 1');
  });

  it('names what is wrong with a delivery that was signed', async () => {
    await start();
    const form = `payload=${encodeURIComponent(JSON.stringify(commentPayload('/build')))}`;
    const headers = deliveryHeaders(SECRET, 'issue_comment', form);
    headers['content-type'] = 'application/x-www-form-urlencoded';
    expect((await post(form, headers)).status).to.equal(415);
    expect((await post('{', deliveryHeaders(SECRET, 'issue_comment', '{'))).status).to.equal(400);
    expect(taken).to.deep.equal([]);
    expect(lines.join('')).to.include('content type to application/json');
  });

  it('answers 500 when a delivery cannot be kept, so that GitHub shows it', async () => {
    const cause = new Error('the queue is broken');
    await start({
      onDelivery: () => {
        throw cause;
      },
    });
    const answer = await deliver('issue_comment', commentPayload('/build'));
    expect(answer.status).to.equal(500);
    expect(await answer.text()).not.to.include('queue');
    expect(lines.join('')).to.include('the queue is broken');
    expect(await deliveries('failed')).to.equal(1);
  });

  it('makes up an id where the given one is none', async () => {
    await start();
    await deliver('issue_comment', commentPayload('/build'), { 'x-github-delivery': 'a "b"' });
    expect(taken[0]?.id).to.match(/^[0-9a-f-]{36}$/);
  });

  it('tells whether it lives, and whether it can work', async () => {
    await start();
    expect((await fetch(url('/healthz'))).status).to.equal(200);
    expect((await fetch(url('/readyz'))).status).to.equal(200);
    reasons = ['the cluster does not answer'];
    const answer = await fetch(url('/readyz'));
    expect(answer.status).to.equal(503);
    expect(await answer.text()).to.equal('the cluster does not answer\n');
    expect((await fetch(url('/healthz'), { method: 'HEAD' })).status).to.equal(200);
    const counted = await fetch(url('/metrics'));
    expect(counted.headers.get('content-type')).to.match(/^text\/plain; version=/);
    expect(await counted.text()).to.include('process_resident_memory_bytes');
  });

  it('answers other paths and methods in plain text, and says nothing about itself', async () => {
    await start({ setup: (at) => (at.pathname === '/setup' ? { status: 200, body: 'page' } : undefined) });
    for (const path of [
      '/',
      '/webhook/',
      '/WEBHOOK',
      '/__proto__',
      '/constructor',
      '/setup/x',
      '/setup/a/b',
      '//x',
    ]) {
      const answer = await fetch(url(path));
      expect([path, answer.status, await answer.text()]).to.deep.equal([path, 404, 'not found\n']);
    }
    const wrong = await fetch(url('/webhook'));
    expect(wrong.status).to.equal(405);
    expect(wrong.headers.get('allow')).to.equal('POST');
    expect((await fetch(url('/healthz'), { method: 'POST', body: 'x' })).status).to.equal(405);
    expect((await fetch(url('/setup'), { method: 'POST' })).status).to.equal(405);
    expect(await (await fetch(url('/setup?x=1'))).text()).to.equal('page');
    for (const name of ['server', 'x-powered-by']) expect(wrong.headers.has(name), name).to.equal(false);
    expect(wrong.headers.get('x-content-type-options')).to.equal('nosniff');
  });

  it('answers 500 without a word more when a page fails', async () => {
    await start({
      setup: () => {
        throw new Error('inner matters');
      },
    });
    const answer = await fetch(url('/setup'));
    expect([answer.status, await answer.text()]).to.deep.equal([500, 'internal error\n']);
  });

  it('answers a request that is no HTTP with 400', async () => {
    await start();
    const { socket, answer } = await raw();
    socket.write('GARBAGE\r\n\r\n');
    expect(await answer).to.match(/^HTTP\/1\.1 400 Bad Request\r\nConnection: close\r\n\r\n$/);
  });

  it('refuses an address that is taken, naming the settings', async () => {
    await start();
    let error: unknown;
    try {
      await startHttp({
        settings: { address: '127.0.0.1', port: server.port },
        secrets: () => [],
        log: createLog({ level: 'error', to: { write: () => true } }),
        metrics,
        ready: () => [],
        onDelivery: () => undefined,
      });
    } catch (cause) {
      error = cause;
    }
    expect(error).to.have.property('name', 'ServiceError');
    expect(error).to.have.property('message').that.includes('cannot listen');
    expect(error).to.have.property('nextStep').that.includes('settings.server.port');
  });

  it('finishes what it has begun when it closes, and takes nothing new', async () => {
    await start();
    const body = JSON.stringify(commentPayload('/build'));
    const head = Object.entries({
      ...deliveryHeaders(SECRET, 'issue_comment', body),
      'content-length': String(Buffer.byteLength(body)),
    }).map(([name, value]) => `${name}: ${value}\r\n`);
    const idle = await raw();
    const { socket, answer } = await raw();
    socket.write(`POST /webhook HTTP/1.1\r\nhost: x\r\n${head.join('')}expect: 100-continue\r\n\r\n`);
    await once(socket, 'data');
    const end = server.close(10_000);
    expect(await idle.answer).to.equal('');
    const late = await new Promise((resolve) => {
      connect(server.port, '127.0.0.1').once('error', resolve);
    });
    expect(late).to.have.property('code', 'ECONNREFUSED');
    socket.write(body);
    expect(await answer).to.match(/HTTP\/1\.1 202 [^]*connection: close/i);
    await end;
    expect(taken).to.have.length(1);
  });

  it('cuts off what does not finish in time when it closes', async () => {
    await start();
    const { socket, answer } = await raw();
    socket.write(
      `POST /webhook HTTP/1.1\r\nhost: x\r\nx-hub-signature-256: sha256=${'0'.repeat(64)}\r\ncontent-length: 9\r\nexpect: 100-continue\r\n\r\n`,
    );
    await once(socket, 'data');
    await server.close(50);
    expect(await answer).not.to.include(' 202 ');
  });

  describe('threat 1: forged bodies', () => {
    it("takes GitHub's documented example", async () => {
      await start();
      const answer = await post('Hello, World!', {
        'content-type': 'application/json',
        'x-github-event': 'ping',
        'x-hub-signature-256': 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
      });
      expect(answer.status).to.equal(202);
    });

    it('refuses every other signature, and does nothing', async () => {
      await start();
      const body = JSON.stringify(commentPayload('/build'));
      const good = signatureOf(SECRET, body);
      const flipped = body.replace('/build', '/cuild');
      const headers = { ...deliveryHeaders(SECRET, 'issue_comment', body) };
      expect((await post(flipped, headers)).status).to.equal(401);
      expect((await post(Buffer.concat([Buffer.from(body), Buffer.from([0xff])]), headers)).status).to.equal(
        401,
      );
      for (const signature of [
        '',
        good.replace('sha256=', 'sha1='),
        good.slice(0, -1),
        `${good}0`,
        good.slice('sha256='.length),
        good.toUpperCase(),
        good.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
        signatureOf('', body),
        signatureOf('another', body),
        `${good}, ${good}`,
      ]) {
        const answer = await post(body, { ...headers, 'x-hub-signature-256': signature });
        expect([signature, answer.status]).to.deep.equal([signature, 401]);
      }
      const unsigned = Object.fromEntries(
        Object.entries(headers).filter(([name]) => name !== 'x-hub-signature-256'),
      );
      expect((await post(body, unsigned)).status).to.equal(401);
      expect((await post(body, { ...unsigned, 'x-hub-signature': good })).status).to.equal(401);
      expect(
        (await post('', { ...headers, 'x-hub-signature-256': signatureOf(SECRET, '') })).status,
      ).to.equal(401);
      expect(taken).to.deep.equal([]);
      expect(await deliveries('unsigned')).to.equal(15);
      const warnings = lines.filter((line) => line.includes('"warn"'));
      expect(warnings, 'one warning, however many there are').to.have.length(1);
    });

    it('checks the bytes as they came, not as another writer of JSON would write them', async () => {
      await start();
      const body = JSON.stringify(commentPayload('/build ü 😀'), undefined, 3).replace('ü', '\\u00fc');
      expect((await post(body, deliveryHeaders(SECRET, 'issue_comment', body))).status).to.equal(202);
      expect(taken).to.have.length(1);
      const broken = Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')]);
      const headers = deliveryHeaders(SECRET, 'issue_comment', broken.toString('utf8'));
      expect((await post(broken, headers)).status, 'bytes that read as the signed text').to.equal(401);
    });

    it('takes two secrets while they are exchanged, and none where none is known', async () => {
      await start();
      secrets = ['older', 'newer'];
      const body = JSON.stringify(commentPayload('/build'));
      const by = async (secret: string): Promise<number> =>
        (await post(body, deliveryHeaders(secret, 'issue_comment', body))).status;
      expect([await by('older'), await by('newer'), await by(SECRET)]).to.deep.equal([202, 202, 401]);
      secrets = ['newer'];
      expect([await by('older'), await by('newer')]).to.deep.equal([401, 202]);
      secrets = [];
      expect([await by('newer'), await by('')]).to.deep.equal([503, 503]);
    });
  });

  describe('threat 2: large and slow bodies', () => {
    const HEAD = forgedHead();

    it('answers 413 to 3 MiB, signed or not', async () => {
      await start();
      const body = ' '.repeat(3 * 1024 * 1024);
      expect((await post(body, deliveryHeaders(SECRET, 'issue_comment', body))).status).to.equal(413);
      expect((await post(body, {})).status).to.equal(413);
      const { socket, answer } = await raw();
      socket.write(`${HEAD}connection: close\r\ncontent-length: 3000000\r\n\r\n`);
      expect(await answer, 'before a byte of it came').to.match(/^HTTP\/1\.1 413 /);
      expect(await deliveries('too-large')).to.equal(3);
    });

    it('answers 411 to chunks without an announced length, and hangs up', async () => {
      await start();
      const { socket, answer } = await raw();
      socket.write(`${HEAD}transfer-encoding: chunked\r\n\r\n`);
      const write = (): void => {
        while (!socket.destroyed && socket.write(`10000\r\n${'x'.repeat(0x10000)}\r\n`));
      };
      socket.on('drain', write);
      write();
      expect(await answer).to.match(/^HTTP\/1\.1 411 /);
      expect(await deliveries('malformed')).to.equal(1);
    });

    it('reads no body whose head is wrong', async () => {
      await start();
      const body = JSON.stringify(commentPayload('/build'));
      const headers = deliveryHeaders(SECRET, 'issue_comment', body);
      for (const [change, status] of [
        [{ 'x-hub-signature-256': 'sha256=short' }, 401],
        [{ 'content-type': 'text/plain' }, 415],
        [{ 'x-github-event': 'star' }, 202],
        [{ 'x-github-event': '' }, 202],
      ] as const) {
        const head = Object.entries({ ...headers, ...change, connection: 'close', 'content-length': '9' });
        const { socket, answer } = await raw();
        const lines = head.map(([name, value]) => `${name}: ${value}\r\n`).join('');
        socket.write(`POST /webhook HTTP/1.1\r\nhost: x\r\n${lines}\r\n`);
        expect(await answer, JSON.stringify(change)).to.match(new RegExp(`^HTTP/1\\.1 ${status} `));
      }
      expect(taken).to.deep.equal([]);
    });

    it('answers 408 to a body that does not begin', async () => {
      await start({ limits: { firstByteMs: 50 } });
      const { socket, answer } = await raw();
      socket.write(`${HEAD}content-length: 1000\r\n\r\n`);
      expect(await answer).to.match(/^HTTP\/1\.1 408 /);
    });

    it('answers 408 to a body that comes byte by byte, and hangs up', async () => {
      await start({ limits: { ms: 200 } });
      const { socket, answer } = await raw();
      socket.write(`${HEAD}content-length: 1000\r\n\r\n`);
      const drip = setInterval(() => socket.write('x'), 20);
      try {
        expect(await answer).to.match(/^HTTP\/1\.1 408 /);
      } finally {
        clearInterval(drip);
      }
      expect(await deliveries('too-slow')).to.equal(1);
    });

    it('answers 408 to a head that does not end', async () => {
      await start({ limits: { ms: 200 } });
      const { socket, answer } = await raw();
      socket.write(HEAD);
      expect(await answer).to.match(/^HTTP\/1\.1 408 /);
    });

    it('gives the memory back when bodies are over', async function () {
      this.timeout(120_000);
      await start();
      const child = await startServerProcess('test/support/webhook-server.ts', {
        WEBHOOK_SECRET: SECRET,
        BODY_MS: '1500',
      });
      try {
        const before = await held();
        const slow = await Promise.all(
          Array.from({ length: 10 }, async () => {
            const { socket, answer } = await raw(child.port);
            socket.write(`${HEAD}content-length: 2000000\r\n\r\n`);
            return { socket, answer };
          }),
        );
        const drip = (): void => {
          for (const { socket } of slow) socket.write('x');
        };
        expect((await held(drip)) - before, 'MiB more, of 20 that are announced').to.be.lessThan(4);
        for (const { socket } of slow) socket.write('x'.repeat(1_900_000));
        await Promise.all(slow.map(({ answer }) => answer));
        expect((await held()) - before, 'MiB more').to.be.lessThan(1);
        expect(await child.metric('kfops_deliveries_total', 'outcome="too-slow"')).to.equal(10);
        expect(await child.metric('kfops_unverified_bytes')).to.equal(0);
        expect(await child.metric('kfops_queue_length')).to.equal(0);
      } finally {
        await child.stop();
      }

      async function held(meanwhile?: () => void): Promise<number> {
        // Buffers are given back beside the collection of garbage, and counted off at the next one.
        for (let turn = 0; turn < 5; turn++) {
          meanwhile?.();
          await child.get('/readyz');
        }
        return (await child.metric('nodejs_external_memory_bytes')) / 2 ** 20;
      }
    });
  });

  describe('threat 3: headers that are not signed', () => {
    it('a host of its own gets a forged delivery nowhere', async () => {
      await start();
      const body = JSON.stringify(commentPayload('/build'));
      const headers = {
        ...deliveryHeaders('evil', 'issue_comment', body),
        'x-github-enterprise-host': 'evil.example.com',
        'x-forwarded-host': 'evil.example.com',
      };
      expect((await post(body, headers)).status).to.equal(401);
      expect(taken).to.deep.equal([]);
    });

    it('nothing of them is handed on', async () => {
      await start();
      await deliver('issue_comment', commentPayload('/build'), {
        'x-github-enterprise-host': 'evil.example.com',
      });
      expect(JSON.stringify({ ...taken[0], log: undefined })).not.to.include('evil');
    });
  });
});

/** Whether in peace or not. */
function closed(socket: Socket): Promise<unknown> {
  return new Promise((resolve) => {
    if (socket.destroyed) resolve(undefined);
    else socket.once('close', resolve);
  });
}
