import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { median, time, type Row } from './row.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));

/** `kfops generate` of the example as a process, beside `node -e 0`, in turn. */
export async function benchProcess(): Promise<readonly Row[]> {
  const out = await mkdtemp(join(tmpdir(), 'kfops-bench-'));
  const generate = ['dist/cli/bin.js', 'generate', 'examples/sklearn-iris', '-o', join(out, 'workflow.yaml')];
  generate.push('--contexts', join(out, 'contexts'));
  const times: Record<'node' | 'generate', number[]> = { node: [], generate: [] };
  try {
    for (let i = 0; i < 22; i++) {
      const node = await time(() => run(process.execPath, ['-e', '0'], { cwd: root }));
      const kfops = await time(() => run(process.execPath, generate, { cwd: root }));
      if (i < 2) continue;
      times.node.push(node);
      times.generate.push(kfops);
    }
  } finally {
    await rm(out, { recursive: true });
  }
  const bare = median(times.node);
  return [
    { name: 'node -e 0', value: `${bare.toFixed(0)} ms` },
    {
      name: 'kfops generate of the example',
      value: `${median(times.generate).toFixed(0)} ms`,
      note: `to reach: < ${(2 * bare + 150).toFixed(0)} ms (2 × node -e 0 + 150 ms); median of 20`,
    },
  ];
}
