import { expect } from 'chai';
import { createHmac } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { LABELS } from '../../generator/workflow/names.js';
import { HttpsReceiver } from '../fixtures/https-receiver.js';
import { certificate } from '../fixtures/tls.js';
import { ServerWorld, type PullHandle, type ServerProcess } from './harness.js';

const SECRET = 'signs-what-is-sent';

describe('notifications', function () {
  this.timeout(300_000);
  let world: ServerWorld;
  let receiver: HttpsReceiver;

  beforeEach(async () => {
    [world, receiver] = await Promise.all([ServerWorld.start(), HttpsReceiver.start()]);
  });
  afterEach(async () => {
    await Promise.all([world.stop(), receiver.stop()]);
  });

  function file(name: string, content: string): string {
    const path = join(world.folder, name);
    writeFileSync(path, `${content}\n`);
    return path;
  }

  function channel(more: object = {}): object {
    return {
      name: 'audit',
      kind: 'webhook',
      repositories: ['me/*'],
      always: true,
      url: receiver.url(),
      secret_file: file('notify-secret', SECRET),
      ca_file: file('ca.pem', certificate),
      allow_private: true,
      ...more,
    };
  }

  async function build(
    server: ServerProcess,
    pull: PullHandle,
    phase: 'Failed' | 'Succeeded',
    count = 1,
  ): Promise<string> {
    await pull.comment(server, '/build');
    const workflow = await pull.workflow(count);
    if (phase === 'Succeeded') world.argo.succeed(workflow);
    else world.argo.set(workflow, 'Failed', { 'build-trainer': { phase: 'Failed', log: 'error: no space' } });
    return workflow.metadata.name;
  }

  function label(name: string): string | undefined {
    return world.argo.workflow(name).metadata.labels?.[LABELS.notify];
  }

  it('sends a signed webhook for a failed build, once', async () => {
    const server = await world.serve({ settings: { notify: [channel()] } });
    const pull = world.openPull();
    const name = await build(server, pull, 'Failed');
    await world.until('the notification is marked', () => (label(name) === 'done' ? true : undefined));
    expect(receiver.received).to.have.length(1);
    const [{ headers, body }] = receiver.received as [(typeof receiver.received)[number]];
    const sent = JSON.parse(body) as Record<string, unknown>;
    expect(sent).to.deep.include({
      version: 1,
      event: 'failed',
      repository: 'me/iris',
      pull_request: pull.pull.number,
    });
    const signed = createHmac('sha256', SECRET)
      .update(`${String(headers['x-kfops-timestamp'])}.${body}`)
      .digest('hex');
    expect(headers['x-kfops-signature-256']).to.equal(`sha256=${signed}`);
    expect(headers['x-kfops-delivery']).to.equal(sent.id);
    console.log(body);
  });
});
