import { setImmediate as turn } from 'node:timers/promises';

import { expect } from 'chai';

import type { LeaseObject } from '../../../../argo/lease/lease-record.js';
import { holdLease } from '../../../../argo/lease/lease.js';
import { FakeClock } from '../../../fixtures/fake-clock.js';
import { startKubernetes, type KubernetesStandIn } from '../../../fixtures/kubernetes.js';

const KEY = { namespace: 'kfops-system', name: 'reporter' };
const RENEWALS = (method: string) => method === 'PUT';

let api: KubernetesStandIn;
beforeEach(async () => {
  api = await startKubernetes(2_000);
});
afterEach(() => api.close());

function lease(): LeaseObject['spec'] | undefined {
  const object = api.collection('leases', KEY.namespace).objects.get(KEY.name);
  return (object as LeaseObject | undefined)?.spec;
}

/** Somebody's lease, as it stands in the cluster. */
function given(holderIdentity: string, renewTime: string): void {
  api.collection('leases', KEY.namespace).create({
    metadata: { ...KEY },
    spec: { holderIdentity, leaseDurationSeconds: 15, renewTime, leaseTransitions: 4 },
  });
}

/** A replica: when its work began and was told to end, in order. */
class Replica {
  readonly clock = new FakeClock();
  readonly told: string[] = [];
  readonly stop = new AbortController();
  readonly ended: Promise<void>;
  #begun: () => void = () => undefined;
  #lost: () => void = () => undefined;
  readonly begun = new Promise<void>((resolve) => (this.#begun = resolve));
  readonly lost = new Promise<void>((resolve) => (this.#lost = resolve));

  constructor(
    readonly name: string,
    draining: Promise<void> = Promise.resolve(),
  ) {
    const options = { ...KEY, holder: name, signal: this.stop.signal, clock: this.clock };
    this.ended = holdLease(api.client, options, async (signal) => {
      this.told.push('begins');
      this.#begun();
      await new Promise((resolve) => {
        signal.addEventListener('abort', resolve);
      });
      this.told.push('is told to end');
      this.#lost();
      await draining;
      this.told.push('has ended');
    });
  }

  /** Lets time pass in its own small steps, each request answered. `waits`: 2 while it holds the lease, else 1. */
  async passes(milliseconds: number, waits: 1 | 2): Promise<void> {
    for (let passed = 0; passed < milliseconds; passed += 2_500) {
      await this.clock.idle(waits);
      this.clock.advance(Math.min(2_500, milliseconds - passed));
    }
    await this.clock.idle(waits);
  }
}

describe('argo/lease', () => {
  it('takes a lease that nobody has, renews it, and gives it back at the end', async () => {
    const a = new Replica('a');
    await a.begun;
    expect(lease()).to.include({ holderIdentity: 'a', leaseDurationSeconds: 15, leaseTransitions: 0 });
    expect(lease()?.renewTime).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    const { acquireTime } = lease()!;
    await a.passes(60_000, 2);
    expect(a.told).to.deep.equal(['begins']);
    expect(lease()).to.include({ holderIdentity: 'a', acquireTime });
    a.stop.abort();
    await a.ended;
    expect(a.told).to.deep.equal(['begins', 'is told to end', 'has ended']);
    expect(lease()).to.include({ holderIdentity: '' });
  });

  it('fault 25: of two replicas one works; the other takes over once it is given back', async () => {
    const a = new Replica('a');
    await a.begun;
    const b = new Replica('b');
    await b.passes(10_000, 1);
    await a.passes(5_000, 2);
    await b.passes(10_000, 1);
    expect(b.told, 'a has renewed it meanwhile').to.deep.equal([]);
    a.stop.abort();
    await a.ended;
    b.clock.advance(2_500);
    await b.begun;
    expect(lease()).to.include({ holderIdentity: 'b', leaseTransitions: 1 });
    b.stop.abort();
    await b.ended;
  });

  it('fault 25: works on until its work has ended, and only then gives the lease back', async () => {
    let drain = (): void => undefined;
    const a = new Replica('a', new Promise((resolve) => (drain = resolve)));
    await a.begun;
    a.stop.abort();
    await a.lost;
    await a.passes(20_000, 2);
    expect(lease(), 'it still renews').to.include({ holderIdentity: 'a' });
    drain();
    await a.ended;
    expect(lease()).to.include({ holderIdentity: '' });
  });

  for (const [skew, renewTime] of [
    ['an hour behind', '2020-01-01T00:00:00.000000Z'],
    ['an hour ahead', '2099-01-01T00:00:00.000000Z'],
  ] as const) {
    it(`fault 25: a holder that died, its clock ${skew}: taken over after the duration, seen by the own clock`, async () => {
      given('dead', renewTime);
      const b = new Replica('b');
      await b.passes(14_000, 1);
      expect(b.told).to.deep.equal([]);
      await b.clock.idle();
      b.clock.advance(3_500);
      await b.begun;
      expect(lease()).to.include({ holderIdentity: 'b', leaseTransitions: 5 });
      b.stop.abort();
      await b.ended;
    });
  }

  it('fault 25: tells its work to end before another may have the lease, when no renewal gets through', async () => {
    const a = new Replica('a');
    await a.begun;
    const b = new Replica('b');
    await b.passes(2_500, 1);
    api.fault({ when: ({ method }) => RENEWALS(method), times: 1000, answer: { status: 500 } });
    // Both clocks go on alike.
    for (let passed = 0; passed < 9_000; passed += 1_500) {
      a.clock.advance(1_500);
      await a.clock.idle(2);
    }
    expect(a.told).to.deep.equal(['begins']);
    a.clock.advance(1_000);
    await a.lost;
    b.clock.advance(10_000);
    await b.clock.idle();
    expect(b.told, 'after ten seconds a has ended, and b does not have it').to.deep.equal([]);
    a.stop.abort();
    b.stop.abort();
    await Promise.all([a.ended, b.ended]);
  });

  it('fault 25: tells its work to end while a renewal gets no answer', async () => {
    const a = new Replica('a');
    await a.begun;
    await a.clock.idle(2);
    api.fault({ answer: 'hang' });
    a.clock.advance(2_500);
    await a.clock.idle(1);
    a.clock.advance(7_500);
    await a.lost;
    a.stop.abort();
    await a.ended;
  });

  it('fault 25: tells its work to end as soon as another has the lease, and gets in line again', async () => {
    const a = new Replica('a');
    await a.begun;
    await a.clock.idle(2);
    const leases = api.collection('leases', KEY.namespace);
    const there = leases.objects.get(KEY.name)!;
    leases.replace({ ...there, spec: { ...(there.spec as object), holderIdentity: 'thief' } });
    a.clock.advance(2_500);
    await a.lost;
    await a.clock.idle(1);
    expect(lease()).to.include({ holderIdentity: 'thief' });
    await a.passes(14_000, 1);
    expect(a.told).to.have.length(3);
    a.clock.advance(5_000);
    await a.clock.idle(2);
    expect(a.told[3]).to.equal('begins');
    a.stop.abort();
    await a.ended;
  });

  it('fault 8: of two that see it free at the same time, one gets it', async () => {
    given('', '2020-01-01T00:00:00.000000Z');
    const replicas = [new Replica('a'), new Replica('b')];
    await Promise.race(replicas.map(({ begun }) => begun));
    await Promise.all(replicas.map(({ clock }) => clock.idle()));
    await turn();
    expect(replicas.flatMap(({ told }) => told)).to.deep.equal(['begins']);
    for (const { stop } of replicas) stop.abort();
    await Promise.all(replicas.map(({ ended }) => ended));
  });

  it('goes on past a renewal that somebody else’s change got ahead of, and past errors', async () => {
    const a = new Replica('a');
    await a.begun;
    await a.clock.idle(2);
    api.fault({ when: ({ method }) => RENEWALS(method), answer: { status: 409, reason: 'Conflict' } });
    api.fault({ when: ({ method }) => RENEWALS(method), answer: 'drop' });
    await a.passes(30_000, 2);
    expect(a.told).to.deep.equal(['begins']);
    a.stop.abort();
    await a.ended;
  });

  it('gives the lease back and ends where the work ends by itself, with its error', async () => {
    const { signal } = new AbortController();
    await holdLease(api.client, { ...KEY, holder: 'a', signal }, () => Promise.resolve());
    expect(lease()).to.include({ holderIdentity: '' });
    const broken = await holdLease(api.client, { ...KEY, holder: 'a', signal }, () =>
      Promise.reject(new Error('broken')),
    ).catch((error: unknown) => error);
    expect(broken).to.be.instanceOf(Error).and.have.property('message', 'broken');
    expect(lease()).to.include({ holderIdentity: '' });
  });

  it('tells of refusals, and ends when it is told to', async () => {
    api.fault({ times: 100, answer: { status: 403, reason: 'Forbidden' } });
    const stop = new AbortController();
    const errors: unknown[] = [];
    const clock = new FakeClock();
    const onError = (error: unknown): void => {
      errors.push(error);
    };
    const ended = holdLease(api.client, { ...KEY, holder: 'a', signal: stop.signal, clock, onError }, () =>
      Promise.reject(new Error('not reached')),
    );
    await clock.idle();
    stop.abort();
    await ended;
    expect(errors[0]).to.include({ status: 403 });
  });
});
