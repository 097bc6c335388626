import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';

import { expect } from 'chai';

import type { HttpResponse } from '../../../../server/http/response.js';
import { webhook, type Delivery, type WebhookOptions } from '../../../../server/http/webhook.js';
import { createLog } from '../../../../server/telemetry/log.js';
import type { Metrics } from '../../../../server/telemetry/metrics.js';
import { commentPayload, deliveryHeaders } from '../../../support/webhook.js';

const SECRET = "It's a Secret to Everybody";
const BODY = JSON.stringify(commentPayload('/build'));
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

type Headers = Record<string, string | undefined>;
type Sent = PassThrough & IncomingMessage;

describe('webhook', () => {
  let secrets: string[];
  let taken: Delivery[];
  let counted: [event: string, outcome: string][];
  let warnings: string[];
  let time: number;
  let onDelivery: WebhookOptions['onDelivery'];
  let answer: (request: IncomingMessage) => Promise<HttpResponse>;

  beforeEach(() => {
    secrets = [SECRET];
    taken = [];
    counted = [];
    warnings = [];
    time = 1000;
    onDelivery = (delivery) => taken.push(delivery);
    const metrics = {
      delivery: (event: string, outcome: string) => counted.push([event, outcome]),
      unverifiedBytes: () => undefined,
    };
    answer = webhook({
      secrets: () => secrets,
      limits: { bytes: 100_000, totalBytes: 150_000, firstByteMs: 100_000, ms: 100_000 },
      log: createLog({ level: 'warn', to: { write: (line: string) => warnings.push(line) > 0 } }),
      metrics: metrics as unknown as Metrics,
      onDelivery: (delivery) => {
        onDelivery(delivery);
      },
      now: () => time,
    });
  });

  const head = (body: string, change: Headers = {}, event = 'issue_comment', secret = SECRET): Sent => {
    const headers = {
      ...deliveryHeaders(secret, event, body),
      'content-length': String(Buffer.byteLength(body)),
      ...change,
    };
    return Object.assign(new PassThrough(), {
      headers,
      socket: { remoteAddress: '10.0.0.1' },
    }) as unknown as Sent;
  };
  const deliver = (...sent: Parameters<typeof head>): Promise<HttpResponse> => {
    const request = head(...sent);
    request.end(sent[0]);
    return answer(request);
  };
  /** The status of an answer that is given before any of the body is sent or read. */
  const ofHead = async (...sent: Parameters<typeof head>): Promise<number> => {
    const request = head(...sent);
    // Where the body is waited for, the answer is another one.
    setImmediate(() => request.destroy());
    return (await answer(request)).status;
  };

  it('hands on a signed comment with its id, and counts it', async () => {
    expect((await deliver(BODY)).status).to.equal(202);
    expect(taken).to.have.length(1);
    expect(taken[0]?.id).to.equal('72d3162e-cc78-11e3-81ab-4c9367dc0958');
    expect(taken[0]?.event).to.have.nested.property('placed.comment.body', '/build');
    expect(counted).to.deep.equal([['issue_comment', 'accepted']]);
    expect(warnings).to.deep.equal([]);
  });

  it('refuses everything while no secret is known', async () => {
    secrets = [];
    expect(await ofHead(BODY)).to.equal(503);
    expect(counted).to.deep.equal([['', 'unavailable']]);
  });

  it('answers by the head alone what is too large, has no length, or has no signature', async () => {
    expect(await ofHead(BODY, { 'content-length': '100001' })).to.equal(413);
    expect(await ofHead(BODY, { 'content-length': undefined })).to.equal(411);
    expect(await ofHead(BODY, { 'content-length': '100001', 'x-hub-signature-256': '' })).to.equal(413);
    expect(await ofHead(BODY, { 'x-hub-signature-256': 'sha256=short' })).to.equal(401);
    expect(await ofHead(BODY, { 'x-hub-signature-256': undefined })).to.equal(401);
    expect(counted.map(([, outcome]) => outcome)).to.deep.equal([
      'too-large',
      'malformed',
      'too-large',
      'unsigned',
      'unsigned',
    ]);
  });

  it('refuses a wrong signature, also of a ping, and counts no name that could be anybody’s', async () => {
    for (const event of ['issue_comment', 'ping'])
      expect((await deliver(BODY, {}, event, 'another secret')).status).to.equal(401);
    expect(counted).to.deep.equal([
      ['', 'unsigned'],
      ['', 'unsigned'],
    ]);
    expect(taken).to.deep.equal([]);
  });

  it('takes JSON only, by its content type', async () => {
    for (const type of ['application/json', 'application/json; charset=utf-8', 'Application/JSON'])
      expect((await deliver(BODY, { 'content-type': type })).status, type).to.equal(202);
    for (const type of [
      'application/x-www-form-urlencoded',
      'application/jsonl',
      'x-application/json',
      undefined,
    ])
      expect(await ofHead(BODY, { 'content-type': type }), type).to.equal(415);
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.include('content type to application/json');
  });

  it('reads no body of an event that means nothing', async () => {
    for (const event of ['star', 'pinged', '', undefined])
      expect(await ofHead(BODY, { 'x-github-event': event })).to.equal(202);
    expect(counted).to.deep.equal(Array(4).fill(['', 'ignored']));
  });

  it('answers a signed ping without parsing it', async () => {
    expect((await deliver('Hello, World!', {}, 'ping')).status).to.equal(202);
    expect(counted).to.deep.equal([['ping', 'ignored']]);
  });

  it('ignores a signed body that means nothing, and refuses one that is no JSON', async () => {
    expect((await deliver(JSON.stringify(commentPayload('fine')))).status).to.equal(202);
    expect((await deliver('{')).status).to.equal(400);
    expect(taken).to.deep.equal([]);
    expect(counted).to.deep.equal([
      ['issue_comment', 'ignored'],
      ['issue_comment', 'malformed'],
    ]);
  });

  it('takes GitHub’s id, and makes one up where it is none', async () => {
    for (const id of ['a', 'A-1_b', 'x'.repeat(64)]) {
      await deliver(BODY, { 'x-github-delivery': id });
      expect(taken.at(-1)?.id).to.equal(id);
    }
    for (const id of ['', 'x'.repeat(65), 'a b', 'a\n', ' a', '"', undefined]) {
      await deliver(BODY, { 'x-github-delivery': id });
      expect(taken.at(-1)?.id, id).to.match(UUID);
    }
  });

  it('answers 500 when a delivery cannot be kept', async () => {
    onDelivery = () => {
      throw new Error('the queue is broken');
    };
    const { status, body } = await deliver(BODY);
    expect(status).to.equal(500);
    expect(body).not.to.include('queue');
    expect(counted).to.deep.equal([['issue_comment', 'failed']]);
  });

  it('says why a body was not read, and warns where it had to give way', async () => {
    const gone = head(BODY);
    const ended = answer(gone);
    gone.destroy();
    expect((await ended).status).to.equal(400);
    expect(warnings).to.deep.equal([]);
    const flood = [head(BODY, { 'content-length': '90000' }), head(BODY, { 'content-length': '90000' })];
    const answers = flood.map((request) => answer(request));
    for (const request of flood) request.write(Buffer.alloc(89_999));
    expect((await answers[0])?.status).to.equal(503);
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.include('Limit requests at the ingress');
    flood[1]?.destroy();
    await answers[1];
    expect(counted.map(([, outcome]) => outcome)).to.deep.equal(['malformed', 'dropped', 'malformed']);
  });

  it('warns of the same once a minute, however often it happens', async () => {
    const unsigned = { 'x-hub-signature-256': '' };
    await ofHead(BODY, unsigned);
    expect(warnings).to.have.length(1);
    time += 59_999;
    await ofHead(BODY, unsigned);
    expect(warnings).to.have.length(1);
    await ofHead(BODY, { 'content-type': 'text/plain' });
    expect(warnings, 'of something else').to.have.length(2);
    time += 1;
    await ofHead(BODY, unsigned);
    expect(warnings).to.have.length(3);
  });
});
