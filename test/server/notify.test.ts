import { expect } from 'chai';
import { createHmac } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { ANNOTATIONS, LABELS } from '../../generator/workflow/names.js';
import { HttpsReceiver, status } from '../fixtures/https-receiver.js';
import { certificate } from '../fixtures/tls.js';
import { type PullHandle, type ServerProcess, ServerWorld } from './harness.js';
import { taskNames } from './argo.js';

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

  /** A channel of the settings for the receiver. */
  function webhook(more: object = {}): object {
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

  function slack(more: object = {}): object {
    return webhook({
      name: 'ml-team',
      kind: 'slack',
      url: undefined,
      secret_file: undefined,
      url_file: file('slack-url', receiver.url('/services/T0/canary')),
      ...more,
    });
  }

  /** Builds a pull request's commit, and ends that. @returns the workflow's name */
  async function build(server: ServerProcess, pull: PullHandle, log?: string, count = 1): Promise<string> {
    await pull.comment(server, count === 1 ? '/build' : '/build --force');
    const workflow = await pull.workflow(count);
    const [task = ''] = taskNames(workflow);
    if (log === undefined) world.argo.succeed(workflow);
    else world.argo.set(workflow, 'Failed', { [task]: { phase: 'Failed', log } });
    return workflow.metadata.name;
  }

  function mark(name: string): string | undefined {
    return world.argo.workflow(name).metadata.labels?.[LABELS.notify];
  }

  function marked(name: string, as: string): Promise<true> {
    return world.until(
      () => `${name} is marked as ${as}, not as ${mark(name)}`,
      () => (mark(name) === as ? true : undefined),
    );
  }

  const bodies = (): Record<string, unknown>[] =>
    receiver.received.map(({ body }) => JSON.parse(body) as Record<string, unknown>);

  it('a failed build and the first success after it are sent once each, signed', async () => {
    const server = await world.serve({ settings: { notify: [webhook()] } });
    const pull = world.openPull();
    const failed = await build(server, pull, 'error building image: no such file');
    await marked(failed, 'done');
    await marked(await build(server, pull, undefined, 2), 'done');
    const third = await build(server, pull, undefined, 3);
    await world.until('the third build is reported', () =>
      world.argo.workflow(third).metadata.labels?.[LABELS.reported] === 'succeeded' ? true : undefined,
    );
    expect(mark(third)).to.equal(undefined);
    expect(bodies().map(({ event }) => event)).to.deep.equal(['failed', 'recovered']);
    for (const { headers, body } of receiver.received) {
      const signed = createHmac('sha256', SECRET).update(`${String(headers['x-kfops-timestamp'])}.${body}`);
      expect(headers['x-kfops-signature-256']).to.equal(`sha256=${signed.digest('hex')}`);
    }
    const [first] = bodies();
    expect(first).to.deep.include({
      repository: 'me/iris',
      pull_request: pull.pull.number,
      command: 'build',
      workflow: { name: failed, namespace: 'kfops' },
    });
    const { failures } = first!.result as { failures: { name: string; reason: string }[] };
    expect(failures).to.have.length(1);
    expect(failures[0]!.reason).to.be.a('string').and.not.equal('');
    const metrics = await (await fetch(`http://127.0.0.1:${server.port}/metrics`)).text();
    expect(metrics).to.include('kfops_notifications_total{channel="audit",outcome="sent"} 2');
  });

  it('threat 78: the default branch names the channels; a pull request neither adds nor removes one', async () => {
    const path = 'config_files/config.yaml';
    const config = world.configReplacing('repository:', 'repository:')[path]!;
    const withNotify = (channel: string): Record<string, string> => ({
      [path]: `${config}\nnotify: { channels: [${channel}] }\n`,
    });
    const tip = world.commit(withNotify('ml-team'), world.commits.base);
    world.branch('main', tip);
    const both = [slack({ always: false }), webhook({ always: false })];
    const server = await world.serve({ settings: { notify: both } });
    const pull = world.openPull({ commit: world.commit(withNotify('audit'), tip) });
    await marked(await build(server, pull, 'no such file'), 'done');
    expect(receiver.received.map(({ path: hook }) => hook)).to.deep.equal(['/services/T0/canary']);
  });

  it('threat 76, threat 77: what a build prints is no mention in Slack; its address is in no log, comment or metric', async () => {
    receiver.next.push(status(500), status(403));
    const server = await world.serve({ settings: { notify: [slack()] } });
    const evil = 'error building image: error building stage: <!channel> <@U1> @here `x`';
    const name = await build(server, world.openPull(), evil);
    await marked(name, 'undelivered');
    expect(receiver.received).to.have.length(2);
    const { blocks } = bodies()[0] as { blocks: { text: { text: string } }[] };
    const text = blocks[0]!.text.text;
    expect(text)
      .to.include('&lt;!channel&gt;')
      .and.not.match(/<!|<@|@here/);
    const metrics = await (await fetch(`http://127.0.0.1:${server.port}/metrics`)).text();
    expect(metrics).to.include('kfops_notifications_total{channel="ml-team",outcome="refused"} 1');
    const seen = [
      metrics,
      ...server.log.map((line) => JSON.stringify(line)),
      ...[...world.repository.comments.values()].map(({ body }) => body),
      ...world.argo.workflows.map((workflow) => JSON.stringify(workflow)),
    ].join('\n');
    expect(seen).to.include('it answered 403').and.not.include('canary');
  });

  it('threat 75: a receiver at a private address, or one that redirects there, gets nothing; GitHub has its report', async () => {
    const inner = await HttpsReceiver.start();
    try {
      receiver.answer = status(307, { location: inner.url('/latest/meta-data') });
      const hidden = webhook({ name: 'hidden', url: inner.url(), allow_private: false });
      const server = await world.serve({ settings: { notify: [hidden, webhook()] } });
      const pull = world.openPull();
      const name = await build(server, pull, 'no such file');
      await marked(name, 'undelivered');
      expect([inner.connections, receiver.received.length]).to.deep.equal([0, 1]);
      expect(world.argo.workflow(name).metadata.labels?.[LABELS.reported]).to.equal('failed');
    } finally {
      await inner.stop();
    }
  });

  it('a receiver that hangs delays no report, and a restart sends the rest with the same id', async () => {
    const other = await HttpsReceiver.start();
    try {
      receiver.answer = () => undefined;
      const settings = { notify: [webhook(), webhook({ name: 'other', url: other.url() })] };
      const first = await world.serve({ settings });
      const second = await world.serve({ settings });
      const pull = world.openPull();
      const name = await build(first, pull, 'no such file');
      await world.until('both were asked, and one is marked', () => {
        const { annotations } = world.argo.workflow(name).metadata;
        return receiver.received.length > 0 && annotations?.[ANNOTATIONS.notified] === '["other"]'
          ? true
          : undefined;
      });
      expect(world.argo.workflow(name).metadata.labels?.[LABELS.reported]).to.equal('failed');

      const isLeader = (server: ServerProcess): boolean =>
        server.log.some(({ msg }) => msg === 'became leader: reporting and reconciling');
      const leader = isLeader(first) ? first : second;
      receiver.answer = status(200);
      await leader.stop('SIGKILL');
      await marked(name, 'done');
      expect(other.received, 'what was marked is not sent again').to.have.length(1);
      expect(receiver.received.length).to.be.at.least(2);
      expect(new Set(receiver.received.map(({ headers }) => headers['x-kfops-delivery']))).to.have.length(1);
      expect(new Set(receiver.received.map(({ body }) => body))).to.have.length(1);
    } finally {
      await other.stop();
    }
  });
});
