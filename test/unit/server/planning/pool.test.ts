import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { expect } from 'chai';

import { ConfigError } from '../../../../schema/index.js';
import type { PlannerCall } from '../../../../server/planning/planner.js';
import type { WorkerPool } from '../../../../server/planning/pool.js';
import { PlanningStopped } from '../../../../server/planning/stopped.js';
import type { WorkerStopReason } from '../../../../server/ports.js';
import { pool, task } from './pools.js';

const PARENT = fileURLToPath(new URL('../../../fixtures/pool-parent.ts', import.meta.url));
const LIMITS = { seconds: 60, storingSeconds: 60, memory: 256 * 2 ** 20 };

const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    (output) => Promise.reject(new Error(`no failure: ${JSON.stringify(output)}`)),
    (error: unknown) => error,
  );

/** Waits until processes are gone; one that has ended and that nobody has asked about is gone, too. */
async function gone(pids: readonly number[]): Promise<void> {
  const runs = (pid: number): boolean => {
    try {
      process.kill(pid, 0);
      return true;
    } catch {
      return false;
    }
  };
  for (const start = Date.now(); pids.some(runs) && Date.now() - start < 30_000;) await wait(50);
  expect(pids.filter(runs)).to.deep.equal([]);
}

/** A log that gives the process id that a worker tells. */
function childPid(): { readonly log: PlannerCall['log']; readonly pid: Promise<number> } {
  let tell: (pid: number) => void = () => undefined;
  const pid = new Promise<number>((resolve) => (tell = resolve));
  const log = {
    info: ({ pid: child }: { pid: number }) => {
      tell(child);
    },
    warn: () => undefined,
  } as unknown as PlannerCall['log'];
  return { log, pid };
}

describe('threat 41: a repository that takes the process that reads it down', () => {
  let workers: WorkerPool | undefined;
  const reasons: WorkerStopReason[] = [];
  const start = (options: Parameters<typeof pool>[0] = {}): WorkerPool => {
    workers = pool({ onStopped: (reason) => reasons.push(reason), ...options });
    return workers;
  };
  afterEach(async () => {
    const pids = workers?.pids ?? [];
    await workers?.close();
    workers = undefined;
    reasons.length = 0;
    await gone(pids);
  });

  const pidOf = async (from: WorkerPool): Promise<unknown> => (await from.do(...task('pid')))[0];

  it('does one task after another in the same process', async () => {
    const one = start();
    const pids = await Promise.all([pidOf(one), pidOf(one), pidOf(one)]);
    expect(new Set(pids)).to.deep.equal(new Set(one.pids));
  });

  for (const [action, reason, limits, told] of [
    ['burn', 'time', { ...LIMITS, seconds: 1 }, 'took longer than 1 s'],
    ['wait', 'time', { ...LIMITS, seconds: 1 }, 'took longer than 1 s'],
    ['store', 'time', { ...LIMITS, storingSeconds: 1 }, 'Storing the build contexts took longer than 1 s'],
    ['heap', 'memory', LIMITS, 'more than 256 MiB of memory'],
    ['buffers', 'memory', LIMITS, 'more than 256 MiB of memory'],
    ['child-memory', 'memory', LIMITS, 'more than 256 MiB of memory'],
    ['crash', 'crash', { ...LIMITS, memory: 2 ** 31 }, 'ended unexpectedly'],
  ] as const) {
    it(`ends a task that does "${action}" for its ${reason}, and goes on with another process`, async () => {
      const one = start({ limits });
      const [before] = one.pids;
      const error = (await failure(one.do(...task(action)))) as PlanningStopped;
      expect(error).to.be.instanceOf(PlanningStopped);
      expect(error.reason).to.equal(reason);
      expect(error.message).to.include(told);
      expect(error.nextStep).to.be.a('string');
      expect(reasons).to.deep.equal([reason]);
      expect(await pidOf(one)).not.to.equal(before);
    });
  }

  it('ends what a worker has started in groups of its own with it', async () => {
    const one = start({ limits: { ...LIMITS, seconds: 1 } });
    const { log, pid } = childPid();
    await failure(one.do(...task('burn-with-child', 1, { log })));
    await gone([await pid]);
  });

  it('leaves a worker to other repositories, and takes turns', async () => {
    const two = start({ size: 2, limits: { ...LIMITS, seconds: 20 } });
    const abort = new AbortController();
    const { signal } = abort;
    const stuck = [1, 1, 1].map((id) => failure(two.do(...task('wait', id, { signal }))));
    expect(await two.do(...task('pid', 2))).to.have.lengthOf(1);
    abort.abort(new Error('enough'));
    expect((await Promise.all(stuck)).map((error) => (error as Error).message)).to.deep.equal([
      'enough',
      'enough',
      'enough',
    ]);
  });

  it('cancels a task by its signal, at once while it waits, and by force where it does not listen', async () => {
    const one = start({ grace: 100 });
    const abort = new AbortController();
    const { signal } = abort;
    const works = ['burn', 'pid'].map((action) => failure(one.do(...task(action, 1, { signal }))));
    abort.abort(new Error('the server ends'));
    for (const error of await Promise.all(works))
      expect((error as Error).message).to.equal('the server ends');
    expect(reasons).to.deep.equal([]);
    await pidOf(one);
  });

  it('gives tokens when they are asked for, and tells why there is none', async () => {
    const one = start();
    expect(await one.do(...task('token'))).to.deep.equal(['ghs_token']);
    await one.close();
    const error = new Error('GitHub is away');
    const without = start({ git: { url: () => '', token: () => Promise.reject(error) } });
    expect(await failure(without.do(...task('token')))).to.equal(error);
  });

  it('gives errors on as what they were', async () => {
    const error = (await failure(start().do(...task('refuse')))) as ConfigError;
    expect(error).to.be.instanceOf(ConfigError);
    expect(error.diagnostics[0]).to.include({ code: 'PATH_OUTSIDE', message: 'outside.' });
  });

  it('gives workers nothing of the environment that may be secret', async () => {
    process.env.KFOPS_TEST_CANARY = 'secret';
    try {
      const names = await start().do(...task('environment'));
      expect(names).to.include('PATH').and.include('GIT_ALLOC_LIMIT').and.not.include('KFOPS_TEST_CANARY');
    } finally {
      delete process.env.KFOPS_TEST_CANARY;
    }
  });

  it('refuses tasks once it is closed, and ends those that run', async () => {
    const one = start();
    const running = failure(one.do(...task('burn')));
    await one.close();
    expect(((await running) as Error).message).to.be.a('string');
    expect(((await failure(one.do(...task('pid')))) as Error).message).to.equal('the server ends');
  });

  it('leaves no worker behind when the server is killed', async function () {
    if (!existsSync('/proc/self/stat')) this.skip();
    const parent = spawn(process.execPath, ['--import=tsx/esm', PARENT], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await new Promise<string[]>((resolve) => {
      createInterface({ input: parent.stdout }).once('line', (text) => {
        resolve([text]);
      });
    })) as [string];
    const pids = JSON.parse(line) as number[];
    expect(pids).to.have.lengthOf(2);
    parent.kill('SIGKILL');
    await gone(pids);
  });
});
