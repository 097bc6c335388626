import { expect } from 'chai';

import type { Delivery } from '../../../../server/http/listener.js';
import { Door, type Answering } from '../../../../server/runtime/door.js';
import { createLog } from '../../../../server/telemetry/log.js';
import { metrics as createMetrics } from '../../../../server/telemetry/metrics.js';
import { commentPayload, deliveryHeaders } from '../../../support/webhook.js';

const SECRET = "It's a Secret to Everybody";

describe('Door', () => {
  let door: Door;
  let lines: string[];
  beforeEach(() => {
    lines = [];
    const log = createLog({ level: 'info', to: { write: (line: string) => lines.push(line) > 0 } });
    door = new Door(log, createMetrics());
  });
  afterEach(() => door.close(0));

  /** What answers, and the deliveries that it got. */
  function answering(more: Partial<Answering> = {}): Answering & { readonly got: [Delivery, boolean][] } {
    const got: [Delivery, boolean][] = [];
    return {
      settings: { address: '127.0.0.1', port: 0 },
      secrets: () => [SECRET],
      ready: () => [],
      deliver: (delivery, held) => got.push([delivery, held]) > 0,
      room: 2,
      got,
      ...more,
    };
  }

  const post = async (secret = SECRET): Promise<number> => {
    const body = JSON.stringify(commentPayload('/build'));
    const headers = deliveryHeaders(secret, 'issue_comment', body);
    return (await fetch(`http://127.0.0.1:${door.port}/webhook`, { method: 'POST', body, headers })).status;
  };

  it('accepts deliveries while the settings change, and hands them over', async () => {
    const [first, second] = [answering(), answering()];
    await door.open(first);
    const { port } = door;
    expect(await post()).to.equal(202);
    door.hold();
    expect(await post()).to.equal(202);
    expect(first.got.map(([, held]) => held)).to.deep.equal([false]);
    await door.open(second);
    expect(await post()).to.equal(202);
    expect(second.got.map(([, held]) => held)).to.deep.equal([true, false]);
    expect(first.got).to.have.length(1);
    expect(door.port).to.equal(port);
  });

  it('rejects deliveries when too many wait', async () => {
    await door.open(answering());
    door.hold();
    expect([await post(), await post(), await post()]).to.deep.equal([202, 202, 500]);
  });

  it('logs a delivery for which the next settings have no room', async () => {
    await door.open(answering());
    door.hold();
    await post();
    await door.open(answering({ deliver: () => false }));
    expect(lines.join('')).to.include('no room for the delivery');
  });

  it('uses the secrets and the readiness of the current settings', async () => {
    await door.open(answering());
    await door.open(answering({ secrets: () => ['another'], ready: () => ['not yet'] }));
    expect([await post(), await post('another')]).to.deep.equal([401, 202]);
    const ready = await fetch(`http://127.0.0.1:${door.port}/readyz`);
    expect([ready.status, (await ready.text()).trim()]).to.deep.equal([503, 'not yet']);
  });

  it('listens at the new address if that changes', async () => {
    await door.open(answering());
    const old = door.port;
    await door.open(answering({ settings: { address: '127.0.0.2', port: 0 } }));
    const ready = await fetch(`http://127.0.0.2:${door.port}/readyz`);
    expect(ready.status).to.equal(200);
    const refused = await fetch(`http://127.0.0.1:${old}/readyz`).catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(Error);
  });

  it('keeps its address if it cannot listen at the new one', async () => {
    await door.open(answering());
    const { port } = door;
    const next = answering({ settings: { address: '192.0.2.1', port: 0 } });
    await door.open(next);
    expect(await post()).to.equal(202);
    expect(next.got).to.have.length(1);
    expect(door.port).to.equal(port);
    expect(lines.join('')).to.include('cannot listen at the new address');
  });
});
