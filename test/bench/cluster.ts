import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import type { Row } from './row.js';

const run = promisify(execFile);
const SCRIPT = fileURLToPath(new URL('../cluster/node.sh', import.meta.url));
const INSIDE = fileURLToPath(new URL('cluster/inside.ts', import.meta.url));
/** Argo's own default. The tests run with less, which would flatter these figures. */
const REQUEUE_TIME = '10s';

/**
 * Builds on the node of test/cluster with Argo's default requeue time: what a person waits for. Starts the node where it
 * is down, and then ends it again.
 */
export async function benchCluster(): Promise<readonly Row[]> {
  const wasUp = await run(SCRIPT, ['is-up']).then(
    () => true,
    () => false,
  );
  try {
    if (!wasUp) await run(SCRIPT, ['up']);
    await run(SCRIPT, ['requeue', REQUEUE_TIME]);
    const { stdout } = await run(SCRIPT, ['env']);
    const variables = stdout
      .trim()
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const);
    const inside = await run(SCRIPT, ['exec', process.execPath, '--import=tsx', INSIDE], {
      env: { ...process.env, ...Object.fromEntries(variables) },
    });
    return [
      { name: 'Argo’s DEFAULT_REQUEUE_TIME', value: REQUEUE_TIME, note: 'its default' },
      ...(JSON.parse(inside.stdout) as Row[]),
    ];
  } finally {
    await run(SCRIPT, wasUp ? ['requeue'] : ['down']);
  }
}
