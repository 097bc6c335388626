import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import type { Row } from './row.js';

const run = promisify(execFile);
const SCRIPT = fileURLToPath(new URL('../cluster/node.sh', import.meta.url));
/** Argo's own default. The tests run with less, which would flatter the figures. */
const REQUEUE_TIME = '10s';

/** Whether the node of test/cluster is up. */
export async function nodeIsUp(): Promise<boolean> {
  return run(SCRIPT, ['is-up']).then(
    () => true,
    () => false,
  );
}

/**
 * The figures that a script prints as JSON where the node of test/cluster is reached, with Argo's default requeue time:
 * what a person waits for. Starts the node where it is down, and then ends it again.
 *
 * @param script - below test/bench/cluster
 */
export async function onNode(script: string): Promise<readonly Row[]> {
  const inside = fileURLToPath(new URL(`cluster/${script}`, import.meta.url));
  const wasUp = await nodeIsUp();
  try {
    // Where it is up, this brings its images up to date.
    await run(SCRIPT, ['up']);
    await run(SCRIPT, ['requeue', REQUEUE_TIME]);
    const { stdout } = await run(SCRIPT, ['env']);
    const variables = stdout
      .trim()
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const);
    const figures = await run(SCRIPT, ['exec', process.execPath, '--import=tsx/esm', inside], {
      env: { ...process.env, ...Object.fromEntries(variables) },
    });
    return JSON.parse(figures.stdout) as Row[];
  } finally {
    await run(SCRIPT, wasUp ? ['requeue'] : ['down']);
  }
}

/** What the figures of {@link onNode} were measured with. */
export const REQUEUE: Row = {
  name: 'Argo’s DEFAULT_REQUEUE_TIME',
  value: REQUEUE_TIME,
  note: 'its default',
};
