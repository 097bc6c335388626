import { defaultSettings } from '../../../../schema/index.js';
import type { PlannerCall } from '../../../../server/planning/planner.js';
import { WorkerPool, type PoolOptions } from '../../../../server/planning/pool.js';
import type { TaskInput } from '../../../../server/planning/tasks.js';
import { createLog } from '../../../../server/telemetry/log.js';

/** Long enough for anything on a busy machine. */
const LIMITS = { seconds: 60, storingSeconds: 60, memory: 256 * 2 ** 20 };

/** A pool whose workers do what their tasks say. */
export function pool(options: Partial<PoolOptions> = {}): WorkerPool {
  return new WorkerPool({
    file: new URL('../../../fixtures/pool-child.ts', import.meta.url),
    settings: defaultSettings(),
    git: { url: () => 'https://example.com/o/r.git', token: () => Promise.resolve('ghs_token') },
    log: createLog({ level: 'error', to: { write: () => true } }),
    size: 1,
    limits: LIMITS,
    ...options,
  });
}

/** Arguments that make a worker do something; see `test/fixtures/pool-child.ts`. */
export function task(
  action: string,
  repositoryId = 1,
  call: Partial<PlannerCall> = {},
): ['lines', TaskInput<'lines'>, PlannerCall] {
  const repository = { id: repositoryId, owner: 'o', name: 'r' };
  const log = { info: () => undefined, warn: () => undefined } as unknown as PlannerCall['log'];
  return [
    'lines',
    { repository, commit: 'c'.repeat(40), instructions: [{ file: 'Dockerfile', text: action }] },
    { repository, log, signal: new AbortController().signal, ...call },
  ];
}
