/**
 * `npm run bench [-- NAME…] [-- --json]`: figures for docs/performance.md. Ratios are of things measured in turn in
 * one run; nothing here passes or fails. `server` stands for all whose name begins with it.
 */
import { cpus, totalmem } from 'node:os';

import { benchCluster } from './cluster.js';
import { benchCompile } from './compile.js';
import { benchContexts } from './contexts.js';
import { benchHera } from './hera.js';
import { benchIncremental } from './incremental.js';
import { benchPipeline } from './pipeline.js';
import { benchProcess } from './process.js';
import type { Row } from './row.js';
import { SERVER_BENCHES } from './server.js';

const BENCHES: Record<string, () => Promise<readonly Row[]>> = {
  compile: benchCompile,
  process: benchProcess,
  contexts: benchContexts,
  incremental: benchIncremental,
  pipeline: benchPipeline,
  ...SERVER_BENCHES,
  hera: benchHera,
  cluster: benchCluster,
};

/** Only when they are asked for: `cluster` takes ten minutes and needs root, `hera` needs PyPI. */
const ONLY_BY_NAME = ['hera', 'cluster'];

const args = process.argv.slice(2);
const json = args.includes('--json');
const asked = args
  .filter((arg) => arg !== '--json')
  .flatMap((name) => (name === 'server' ? Object.keys(SERVER_BENCHES) : name));
const unknown = asked.filter((name) => !(name in BENCHES));
if (unknown.length > 0) {
  console.error(`no bench ${unknown.join(', ')}; there are: ${Object.keys(BENCHES).join(', ')}`);
  process.exit(2);
}

const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
const results: Record<string, readonly Row[]> = {};
if (!json) console.log(machine);
for (const name of asked.length > 0
  ? asked
  : Object.keys(BENCHES).filter((name) => !ONLY_BY_NAME.includes(name))) {
  const rows = (await BENCHES[name]?.()) ?? [];
  results[name] = rows;
  if (!json) print(name, rows);
}
if (json) console.log(JSON.stringify({ machine, results }, null, 2));

function print(title: string, rows: readonly Row[]): void {
  const nameWidth = Math.max(...rows.map(({ name }) => name.length));
  const valueWidth = Math.max(...rows.map(({ value }) => value.length));
  console.log(`\n${title}`);
  for (const { name, value, note } of rows) {
    console.log(`  ${name.padEnd(nameWidth)}  ${value.padStart(valueWidth)}  ${note ?? ''}`.trimEnd());
  }
}
