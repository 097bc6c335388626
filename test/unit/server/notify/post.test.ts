import { expect } from 'chai';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

import { publicLookup } from '../../../../server/notify/address.js';
import { post, type Post } from '../../../../server/notify/post.js';
import { HttpsReceiver, status } from '../../../fixtures/https-receiver.js';
import { certificate } from '../../../fixtures/tls.js';

const NEVER = new AbortController().signal;

describe('server/notify/post', () => {
  let receiver: HttpsReceiver;
  beforeEach(async () => {
    receiver = await HttpsReceiver.start();
  });
  afterEach(() => receiver.stop());

  function to(url: string, more: Partial<Post> = {}): Post {
    return {
      url: new URL(url),
      headers: { 'x-test': 'yes' },
      body: 'text',
      ca: certificate,
      allowPrivate: true,
      ...more,
    };
  }

  it('sends the body and the headers over HTTPS', async () => {
    expect(await post(to(receiver.url('/a?b=c')), NEVER)).to.deep.equal({ kind: 'sent' });
    const [request] = receiver.received;
    expect(request).to.deep.include({ method: 'POST', path: '/a?b=c', body: 'text' });
    expect(request?.headers['x-test']).to.equal('yes');
  });

  it('threat 75: connects to no address that is not public, written as a number or a name', async () => {
    const { port } = receiver;
    const hosts = [
      '127.0.0.1',
      '[::1]',
      '2130706433',
      '0x7f000001',
      '[::ffff:127.0.0.1]',
      'localhost',
      '169.254.169.254',
    ];
    for (const host of hosts) {
      const outcome = await post(to(`https://${host}:${port}/`, { allowPrivate: false }), NEVER);
      expect(outcome, host).to.have.property('kind', 'refused');
      expect(outcome, host).to.have.property('problem').that.includes('not public');
    }
    expect(receiver.connections).to.equal(0);
  });

  it('threat 75: a name that resolves to loopback gets no connection, and is resolved once', async () => {
    let asked = 0;
    const lookup = publicLookup((_host, _options, callback) => {
      asked += 1;
      callback(null, [{ address: '127.0.0.1', family: 4 }]);
    });
    const url = `https://inside.example.com:${receiver.port}/`;
    const outcome = await post(to(url, { allowPrivate: false, lookup }), NEVER);
    expect(outcome.kind).to.equal('refused');
    expect([asked, receiver.connections]).to.deep.equal([1, 0]);
  });

  it('threat 75: follows no redirect', async () => {
    const other = await HttpsReceiver.start();
    try {
      receiver.answer = status(307, { location: other.url('/metadata') });
      expect(await post(to(receiver.url()), NEVER)).to.deep.equal({
        kind: 'refused',
        problem: 'it answered 307',
      });
      expect(other.connections).to.equal(0);
    } finally {
      await other.stop();
    }
  });

  it('refuses an address without https', async () => {
    expect((await post(to('http://127.0.0.1/'), NEVER)).kind).to.equal('refused');
  });

  it('does not trust a certificate that the channel does not name, and says nothing of the address', async () => {
    const { ca, ...plain } = to(receiver.url('/T000/secret'));
    expect(ca).to.equal(certificate);
    const outcome = await post(plain, NEVER);
    expect(outcome).to.deep.equal({
      kind: 'retry',
      problem: 'the connection failed (DEPTH_ZERO_SELF_SIGNED_CERT)',
    });
    expect(receiver.received).to.have.length(0);
  });

  for (const code of [408, 425, 429, 500, 502, 503])
    it(`retries after ${code}`, async () => {
      receiver.answer = status(code);
      expect(await post(to(receiver.url()), NEVER)).to.deep.equal({
        kind: 'retry',
        problem: `it answered ${code}`,
      });
    });

  for (const code of [301, 400, 401, 403, 404, 410])
    it(`does not retry after ${code}`, async () => {
      receiver.answer = status(code);
      expect((await post(to(receiver.url()), NEVER)).kind).to.equal('refused');
    });

  it('reads Retry-After, in seconds or as a date', async () => {
    receiver.next.push(status(429, { 'retry-after': '7' }));
    expect(await post(to(receiver.url()), NEVER)).to.deep.include({ kind: 'retry', afterMs: 7_000 });
    receiver.next.push(status(503, { 'retry-after': 'Fri, 01 Jan 2100 00:00:00 GMT' }));
    const later = await post(to(receiver.url()), NEVER);
    expect(later).to.have.property('afterMs').that.is.above(1e9);
    receiver.next.push(status(503, { 'retry-after': 'soon' }));
    expect(await post(to(receiver.url()), NEVER)).not.to.have.property('afterMs');
  });

  it('reads nothing of a body without end', async () => {
    let written = 0;
    let isOpen = true;
    const closed = { end: (): void => undefined };
    const whenClosed = new Promise<void>((resolve) => (closed.end = resolve));
    receiver.answer = (response) => {
      response.writeHead(200);
      response.on('close', () => {
        isOpen = false;
        closed.end();
      });
      const chunk = Buffer.alloc(64 * 1024);
      const more = (): void => {
        if (!isOpen) return;
        written += chunk.length;
        if (response.write(chunk)) setImmediate(more);
        else response.once('drain', more);
      };
      more();
    };
    expect(await post(to(receiver.url()), NEVER)).to.deep.equal({ kind: 'sent' });
    await whenClosed;
    expect(written).to.be.below(64 * 1024 * 1024);
  });

  it('gives up on one that never answers, and on one that never shakes hands', async () => {
    receiver.answer = () => undefined;
    expect(await post(to(receiver.url(), { timeoutMs: 300 }), NEVER)).to.deep.equal({
      kind: 'retry',
      problem: 'no answer within 0.3 s',
    });
    const silent = createServer((socket) => socket.resume());
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    expect((await post(to(`https://127.0.0.1:${port}/`, { timeoutMs: 300 }), NEVER)).kind).to.equal('retry');
    await new Promise((resolve) => silent.close(resolve));
  });

  it('rejects with the reason of its signal', async () => {
    const stop = new AbortController();
    receiver.answer = () => {
      stop.abort(new Error('the end'));
    };
    const error: unknown = await post(to(receiver.url()), stop.signal).catch((caught: unknown) => caught);
    expect(error).to.have.property('message', 'the end');
  });
});
