/** Prints once, after the last test, what was skipped because this machine lacks something. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { type Missing, SKIPS_FILE } from './missing.js';

/** Mocha calls this before it starts the processes that run the tests, which inherit the variable. */
export function mochaGlobalSetup(): void {
  const file = join(mkdtempSync(join(tmpdir(), 'kfops-skips-')), 'skips');
  writeFileSync(file, '');
  process.env[SKIPS_FILE] = file;
}

export function mochaGlobalTeardown(): void {
  const file = process.env[SKIPS_FILE];
  if (file === undefined) return;
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  rmSync(dirname(file), { recursive: true, force: true });
  const counts = new Map<string, Missing & { count: number }>();
  for (const line of lines) {
    const missing = JSON.parse(line) as Missing;
    counts.set(missing.what, { ...missing, count: (counts.get(missing.what)?.count ?? 0) + 1 });
  }
  if (counts.size === 0) return;
  console.log('  Skipped, because this machine lacks:');
  for (const { what, fix, count } of counts.values())
    console.log(`    ${what} (${count} ${count === 1 ? 'test or suite' : 'tests or suites'}): ${fix}`);
  console.log('');
}
