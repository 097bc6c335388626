import { expect } from 'chai';

import { ConfigError } from '../../../../schema/index.js';
import { channel, hang, NotifierStage } from './support.js';

describe('server/notify/notifier', () => {
  let stage: NotifierStage;
  beforeEach(async () => {
    stage = await NotifierStage.open();
  });
  afterEach(() => stage.close());

  /** `workflow to channel` of each request. */
  const asked = (): string[] => stage.requests.map(({ workflow, to }) => `${workflow} to ${to}`);

  describe('threat 44', () => {
    beforeEach(() => {
      stage.channels = [channel('audit')];
    });

    it('sends what a workflow in the namespace of its repository says', async () => {
      stage.due('w');
      stage.start();
      await stage.marked('done', ['w']);
      expect(asked()).to.deep.equal(['w to audit']);
    });

    it('sends nothing of a workflow in another namespace, where another team could forge it', async () => {
      stage.due('w', 'failed', 'elsewhere');
      stage.start();
      await stage.marked('undelivered', ['w'], 'elsewhere');
      expect(asked()).to.deep.equal([]);
    });

    it('sends nothing for a repository that is not served', async () => {
      stage.repositories = ['acme/other'];
      stage.due('w');
      stage.start();
      await stage.marked('undelivered', ['w']);
      expect(asked()).to.deep.equal([]);
    });
  });

  it('sends each event to the channels that want it', async () => {
    stage.channels = [channel('failures', { on: ['failed'] }), channel('all')];
    stage.due('bad');
    stage.due('green', 'recovered');
    stage.start();
    await stage.marked('done', ['bad', 'green']);
    expect(asked().sort()).to.deep.equal(['bad to all', 'bad to failures', 'green to all']);
    expect(stage.notifiedOf('green')).to.equal('["all"]');
  });

  it('a receiver that hangs delays no other channel, whatever its own workflows wait for', async () => {
    stage.channels = [channel('slow'), channel('fast')];
    stage.answer = (request, signal) => (request.to === 'slow' ? hang(request, signal) : { kind: 'sent' });
    const names = ['w1', 'w2', 'w3'];
    for (const name of names) stage.due(name);
    stage.start();
    await stage.notified(['fast'], names);
    expect(names.map((name) => stage.markOf(name))).to.deep.equal(['failed', 'failed', 'failed']);
    expect(asked().filter((request) => request.endsWith('slow'))).to.have.length(1);
  });

  it('after a restart, sends only what is not marked, with the same id', async () => {
    stage.channels = [channel('slow'), channel('fast')];
    stage.answer = (request, signal) => (request.to === 'slow' ? hang(request, signal) : { kind: 'sent' });
    stage.due('w');
    stage.start();
    await stage.notified(['fast'], ['w']);
    await stage.stop();

    stage.answer = () => ({ kind: 'sent' });
    stage.start();
    await stage.marked('done', ['w']);
    expect(asked().sort()).to.deep.equal(['w to fast', 'w to slow', 'w to slow']);
    const ids = stage.requests.filter(({ to }) => to === 'slow').map(({ id }) => id);
    expect(ids[0]).to.be.a('string').and.not.equal('');
    expect(new Set(ids)).to.have.length(1);
    expect(stage.notifiedOf('w')).to.equal('["fast","slow"]');
  });

  it('after a restart before the mark, sends again with the same id', async () => {
    stage.channels = [channel('audit')];
    stage.api.fault({ when: ({ method }) => method === 'PATCH', answer: 'hang' });
    const marking = new Promise<void>((resolve) => {
      stage.api.onRequest(({ method }) => {
        if (method === 'PATCH') resolve();
      });
    });
    stage.due('w');
    stage.start();
    await stage.until(marking);
    await stage.stop();
    expect(stage.notifiedOf('w')).to.equal(undefined);

    stage.start();
    await stage.marked('done', ['w']);
    expect(asked()).to.deep.equal(['w to audit', 'w to audit']);
    expect(new Set(stage.requests.map(({ id }) => id))).to.have.length(1);
  });

  it('gives up a channel after an hour, marks the others as notified, and does not begin again', async () => {
    stage.channels = [channel('down'), channel('up')];
    stage.answer = ({ to }) =>
      to === 'down' ? { kind: 'retry', problem: 'it answered 500' } : { kind: 'sent' };
    const begin = stage.clock.now();
    stage.due('w');
    stage.start();
    await stage.marked('undelivered', ['w']);
    expect(stage.clock.now() - begin).to.be.within(60 * 60_000, 70 * 60_000);
    expect(stage.notifiedOf('w')).to.equal('["up"]');
    expect(stage.metrics).to.include.members(['sent up', 'retried down']);
    expect(stage.metrics.at(-1)).to.equal('expired down');
    await stage.stop();

    const before = stage.requests.length;
    stage.due('next', 'recovered');
    stage.answer = () => ({ kind: 'sent' });
    stage.start();
    await stage.marked('done', ['next']);
    expect(new Set(asked().slice(before))).to.deep.equal(new Set(['next to down', 'next to up']));
  });

  it('ends a request for a workflow that is retried, and goes on with the next one', async () => {
    stage.channels = [channel('audit')];
    const request = new Promise<AbortSignal>((resolve) => {
      stage.answer = (of, signal) => {
        if (of.workflow !== 'w') return { kind: 'sent' };
        resolve(signal);
        return hang(of, signal);
      };
    });
    const workflow = stage.due('w');
    stage.start();
    const signal = await stage.until(request);
    stage.retry(workflow);
    await stage.until(new Promise((resolve) => (signal.onabort = resolve)));
    stage.due('next');
    await stage.marked('done', ['next']);
    expect(stage.markOf('w')).to.equal(undefined);
    expect(stage.notifiedOf('w')).to.equal(undefined);
  });

  describe('the channels that config.yaml names', () => {
    beforeEach(() => {
      stage.channels = [
        channel('always'),
        channel('ours', { always: false }),
        channel('x', { always: false }),
      ];
      stage.due('w');
    });

    it('are notified next to those that always are', async () => {
      stage.named = () => ['ours'];
      stage.start();
      await stage.marked('done', ['w']);
      expect(asked().sort()).to.deep.equal(['w to always', 'w to ours']);
    });

    it('are not notified while it has errors; the others are', async () => {
      stage.named = () => {
        throw new ConfigError([]);
      };
      stage.start();
      await stage.marked('undelivered', ['w']);
      expect(asked()).to.deep.equal(['w to always']);
      expect(stage.notifiedOf('w')).to.equal('["always"]');
      expect(stage.metrics).to.have.members(['sent always', 'unreadable config.yaml']);
    });
  });
});
