import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { stringify } from 'yaml';

import { compilePipeline } from '../../pipeline/compile.js';
import { pinImages } from '../../pipeline/pin.js';
import { nodeIsUp, onNode, REQUEUE } from './node.js';
import { median, time, timeMedian, type Row } from './row.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));
const EXECUTORS = 300;

/**
 * Compiling the example as a process, the share of `import kfp`, pinning a large pipeline, and, where the node of
 * test/cluster is up, the compile step there.
 */
export async function benchPipeline(): Promise<readonly Row[]> {
  return [...(await compiling()), await pinning(), ...(await compileStep())];
}

async function compileStep(): Promise<readonly Row[]> {
  if (await nodeIsUp()) return [REQUEUE, ...(await onNode('compile-pod.ts'))];
  return [{ name: 'the compile step', value: '-', note: 'the node is down: test/cluster/node.sh up' }];
}

/** Times both halves in one process: between processes the noise of a busy machine is larger than what is asked. */
const HALVES = `
import json, sys, time
sys.path.insert(0, sys.argv[1])
import kfops_worker
start = time.perf_counter()
kfops_worker.import_kfp()
imported = time.perf_counter()
report = kfops_worker.compile_pipeline(json.loads(sys.argv[2]))
assert report == {}, report
print(json.dumps([imported - start, time.perf_counter() - imported]))
`;

async function compiling(): Promise<Row[]> {
  const venv = `${root}.venv/bin/python`;
  const python = process.env.KFOPS_TEST_PYTHON ?? (existsSync(venv) ? venv : undefined);
  if (python === undefined)
    return [{ name: 'compile', value: '-', note: 'no Python with kfp: scripts/python-env.sh' }];
  const folder = `${root}examples/sklearn-iris`;
  const path = 'pipeline/pipeline.py';
  const work = await mkdtemp(join(tmpdir(), 'kfops-bench-'));
  const request = {
    root: folder,
    file: path,
    function: null,
    output: join(work, 'x.yaml'),
    timeout: 120,
    memory: 2 ** 32,
  };
  const times: Record<'all' | 'kfp' | 'rest', number[]> = { all: [], kfp: [], rest: [] };
  try {
    for (let i = 0; i < 6; i++) {
      const all = await time(() =>
        compilePipeline({
          python,
          root: folder,
          path,
          repositories: new Map(),
          timeout: 120,
          env: process.env,
          onOutput: () => undefined,
        }),
      );
      const { stdout } = await run(python, [
        '-c',
        HALVES,
        `${root}pipeline/compiler`,
        JSON.stringify(request),
      ]);
      const [kfp = 0, rest = 0] = JSON.parse(stdout) as number[];
      if (i === 0) continue;
      times.all.push(all);
      times.kfp.push(1000 * kfp);
      times.rest.push(1000 * rest);
    }
  } finally {
    await rm(work, { recursive: true });
  }
  const [kfp, rest] = [median(times.kfp), median(times.rest)];
  return [
    {
      name: 'compile examples/sklearn-iris',
      value: `${median(times.all).toFixed(0)} ms`,
      note: 'as a process; median of 5',
    },
    {
      name: 'import kfp',
      value: `${kfp.toFixed(0)} ms`,
      note: `${((100 * kfp) / (kfp + rest)).toFixed(0)} % of the work`,
    },
    { name: 'the rest', value: `${rest.toFixed(0)} ms`, note: 'the repository’s code, and compiling' },
  ];
}

/** A pipeline as kfp writes it: its own executors, many times. */
async function pinning(): Promise<Row> {
  const flowers = readFileSync(new URL('../fixtures/pipelines/flowers.yaml', import.meta.url), 'utf8');
  const step = /exec-train:\n([\s\S]*?)\n {4}exec-/.exec(flowers)?.[1] ?? '';
  const header = stringify({ pipelineInfo: { name: 'large' } });
  const executors = Array.from({ length: EXECUTORS }, (_, i) => `    exec-train-${i}:\n${step}\n`).join('');
  const text = `${header}deploymentSpec:\n  executors:\n${executors}`;
  const images = new Map([['trainer', `registry.example.com:5000/team/trainer@sha256:${'1'.repeat(64)}`]]);
  const { report } = pinImages(text, images);
  if (report.pinned.length !== EXECUTORS) throw new Error('the bench pins something else than it says');
  const milliseconds = await timeMedian(() => pinImages(text, images), 11, 3);
  return {
    name: `pin a pipeline of ${EXECUTORS} executors`,
    value: `${milliseconds.toFixed(0)} ms`,
    note: `${(text.length / 1024).toFixed(0)} KiB; median of 11`,
  };
}
