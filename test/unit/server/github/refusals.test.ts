import { expect } from 'chai';

import { Refusals } from '../../../../server/github/refusals.js';
import type { Permission, PullRequestRef } from '../../../../server/ports.js';
import { ANN, REPOSITORY } from '../facts.js';

const MINUTE = 60_000;
const PULL_REQUEST: PullRequestRef = { repository: REPOSITORY, number: 17 };

/** Refusals with a clock, and GitHub's answers with how often it was asked. */
function setUp(answer: () => Promise<Permission>, most?: number) {
  const clock = { now: 0, asked: 0, errors: [] as unknown[] };
  const refusals = new Refusals({
    now: () => clock.now,
    onError: (error) => clock.errors.push(error),
    ...(most !== undefined && { most }),
  });
  const ask = (): Promise<Permission> => {
    clock.asked++;
    return answer();
  };
  const permission = (id = 1) => refusals.permission(REPOSITORY, { ...ANN, id }, ask);
  return { clock, refusals, permission };
}

describe('threat 35: flood', () => {
  it('1,000 comments cost one look-up in five minutes, one after the other', async () => {
    const { clock, permission } = setUp(() => Promise.resolve('read'));
    for (let i = 0; i < 1000; i++) {
      clock.now = (i * 5 * MINUTE) / 1001;
      expect(await permission()).to.equal('read');
    }
    expect(clock.asked).to.equal(1);
    clock.now = 5 * MINUTE;
    await permission();
    expect(clock.asked).to.equal(2);
  });

  it('1,000 comments cost one look-up, all at once', async () => {
    const { clock, permission } = setUp(() => Promise.resolve('none'));
    const answers = await Promise.all(Array.from({ length: 1000 }, () => permission()));
    expect(new Set(answers)).to.deep.equal(new Set(['none']));
    expect(clock.asked).to.equal(1);
  });

  it('1,000 comments are answered once, and again only when nobody looks for them any more', () => {
    const { clock, refusals } = setUp(() => Promise.resolve('none'));
    const told = Array.from({ length: 1000 }, () => refusals.shouldTell(PULL_REQUEST, ANN));
    expect(told.filter(Boolean)).to.have.length(1);
    clock.now = 61 * MINUTE;
    expect(refusals.shouldTell(PULL_REQUEST, ANN)).to.equal(false);
    clock.now = 120 * MINUTE;
    expect(refusals.shouldTell(PULL_REQUEST, ANN)).to.equal(true);
  });

  it('tells people and pull requests apart', async () => {
    const { clock, refusals, permission } = setUp(() => Promise.resolve('none'));
    await permission(1);
    await permission(2);
    expect(clock.asked).to.equal(2);
    expect(refusals.shouldTell(PULL_REQUEST, ANN)).to.equal(true);
    expect(refusals.shouldTell(PULL_REQUEST, { ...ANN, id: 2 })).to.equal(true);
    expect(refusals.shouldTell({ ...PULL_REQUEST, number: 18 }, ANN)).to.equal(true);
  });

  it('remembers everybody who may not command, and knows whom it would refuse', async () => {
    for (const may of ['none', 'read', 'triage'] as const) {
      const { clock, refusals, permission } = setUp(() => Promise.resolve(may));
      expect(refusals.isRefused(REPOSITORY, ANN)).to.equal(false);
      const first = permission(ANN.id);
      expect(refusals.isRefused(REPOSITORY, ANN), 'while it is asked').to.equal(false);
      await first;
      expect(refusals.isRefused(REPOSITORY, ANN)).to.equal(true);
      expect(await permission(ANN.id)).to.equal(may);
      expect(clock.asked).to.equal(1);
      clock.now = 5 * MINUTE;
      expect(refusals.isRefused(REPOSITORY, ANN), 'later').to.equal(false);
    }
  });

  it('those who may command take no look-up from those who may not', async () => {
    let answer: Permission = 'maintain';
    const { permission } = setUp(() => Promise.resolve(answer));
    for (let i = 0; i < 600; i++) expect(await permission(1)).to.equal('maintain');
    answer = 'none';
    expect(await permission(2)).to.equal('none');
  });

  it('does not remember that somebody may: it is asked each time', async () => {
    const answers: Permission[] = ['write', 'read'];
    const { permission } = setUp(() => Promise.resolve(answers.shift() ?? 'none'));
    expect(await permission()).to.equal('write');
    expect(await permission()).to.equal('read');
    expect(await permission()).to.equal('read');
  });

  it('takes no answer for unknown, tells why, and asks again soon', async () => {
    const failure = new Error('500');
    let failing = true;
    const { clock, permission } = setUp(() => (failing ? Promise.reject(failure) : Promise.resolve('write')));
    expect(await permission()).to.equal('unknown');
    expect(await permission()).to.equal('unknown');
    expect(clock.errors).to.deep.equal([failure]);
    failing = false;
    clock.now = MINUTE;
    expect(await permission()).to.equal('write');
  });

  it('asks again at once after a failure where somebody had permission before', async () => {
    const answers: (() => Promise<Permission>)[] = [
      () => Promise.resolve('write'),
      () => Promise.reject(new Error('500')),
      () => Promise.resolve('write'),
    ];
    const { permission } = setUp(() => answers.shift()!());
    expect(await permission()).to.equal('write');
    expect(await permission()).to.equal('unknown');
    expect(await permission()).to.equal('write');
  });

  it('remembers a bounded number of people, the last ones', async () => {
    const { clock, refusals, permission } = setUp(() => Promise.resolve('none'), 10);
    for (let id = 0; id < 1000; id++) {
      clock.now += MINUTE / 6;
      await permission(id);
      refusals.shouldTell(PULL_REQUEST, { ...ANN, id });
    }
    expect(refusals.size).to.equal(10);
    await permission(999);
    expect(clock.asked).to.equal(1000);
    expect(refusals.shouldTell(PULL_REQUEST, { ...ANN, id: 999 })).to.equal(false);
  });
});

describe('threat 56: strangers on many pull requests', () => {
  const on = (number: number): PullRequestRef => ({ ...PULL_REQUEST, number });

  it('one of them is told five times an hour, however many pull requests there are', () => {
    const { clock, refusals } = setUp(() => Promise.resolve('none'));
    const told = (): number => {
      const all = Array.from({ length: 60 }, (_, i) => refusals.shouldTell(on(i + clock.now), ANN));
      return all.filter(Boolean).length;
    };
    expect(told()).to.equal(5);
    clock.now = 59 * MINUTE;
    expect(told()).to.equal(0);
    clock.now = 61 * MINUTE;
    expect(told()).to.equal(5);
  });

  it('1,000 of them are told 30 times an hour, and cost 500 look-ups', async () => {
    const { clock, refusals, permission } = setUp(() => Promise.resolve('none'));
    let told = 0;
    const answers = new Map<string, number>();
    for (let id = 1; id <= 1000; id++) {
      const answer = await permission(id);
      answers.set(answer, (answers.get(answer) ?? 0) + 1);
      if (answer === 'none' && refusals.shouldTell(on(id), { ...ANN, id })) told++;
    }
    expect(clock.asked).to.equal(500);
    expect([...answers]).to.deep.equal([
      ['none', 500],
      ['later', 500],
    ]);
    expect(told).to.equal(30);
    expect(refusals.isRefused(REPOSITORY, { ...ANN, id: 1 })).to.equal(true);
    expect(refusals.isRefused(REPOSITORY, { ...ANN, id: 1001 })).to.equal(true);
    clock.now = 61 * MINUTE;
    expect(refusals.isRefused(REPOSITORY, { ...ANN, id: 1001 })).to.equal(false);
    expect(await permission(1001)).to.equal('none');
  });

  it('somebody who may command is asked for in the midst of them, each time', async () => {
    let answer: Permission = 'write';
    const { clock, permission } = setUp(() => Promise.resolve(answer));
    expect(await permission(7)).to.equal('write');
    answer = 'none';
    for (let id = 100; id < 1000; id++) await permission(id);
    const before = clock.asked;
    answer = 'write';
    expect(await permission(7)).to.equal('write');
    answer = 'read';
    expect(await permission(7)).to.equal('read');
    expect(clock.asked).to.equal(before + 2);
  });
});
