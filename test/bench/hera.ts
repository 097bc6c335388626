/**
 * `kfops generate` of 200 images, packing included, in turn with Hera, which makes the same DAG and packs nothing. Both as
 * processes, from their start to the YAML file. Needs Python, and PyPI for Hera.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { parse } from 'yaml';

import { churnFiles } from '../support/churn.js';
import { median, time, type Row } from './row.js';

const run = promisify(execFile);
const COMMAND = fileURLToPath(new URL('../../dist/cli/bin.js', import.meta.url));
const HERA_DAG = fileURLToPath(new URL('hera_dag.py', import.meta.url));
const HERA = 'hera[yaml]==7.1.0';
const IMAGES = 200;
const ROUNDS = 15;

interface Run {
  /** Milliseconds. */
  readonly wall: number;
  /** Of the process and its children. */
  readonly cpu: number;
}

export async function benchHera(): Promise<readonly Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'kfops-bench-'));
  try {
    const python = join(folder, 'venv/bin/python');
    await run(process.env.PYTHON ?? 'python3', ['-m', 'venv', join(folder, 'venv')]);
    await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', HERA]);
    makeProject(join(folder, 'project'));
    const mine = join(folder, 'kfops.yaml');
    const other = join(folder, 'hera.yaml');
    const contexts = join(folder, 'contexts');
    const generate = [process.execPath, COMMAND, 'generate', join(folder, 'project'), '-o', mine];
    const runs: { kfops: Run; hera: Run; node: Run }[] = [];
    for (let round = 0; round <= ROUNDS; round++) {
      rmSync(contexts, { recursive: true, force: true });
      const kfops = await measure([...generate, '--contexts', contexts]);
      const hera = await measure([python, HERA_DAG, other, `${IMAGES}`, `${batchOf(mine)}`]);
      const node = await measure([process.execPath, '-e', '0']);
      if (round > 0) runs.push({ kfops, hera, node });
    }
    if (tasksOf(mine) !== tasksOf(other)) throw new Error('the two workflows have different tasks');
    return rowsOf(runs);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function rowsOf(runs: readonly { kfops: Run; hera: Run; node: Run }[]): Row[] {
  const row = (name: string, of: (each: (typeof runs)[number]) => Run): Row => {
    const walls = runs.map((each) => of(each).wall);
    const cpu = median(runs.map((each) => of(each).cpu));
    return {
      name,
      value: `${median(walls).toFixed(0)} ms`,
      note: `fastest ${Math.min(...walls).toFixed(0)} ms; CPU time ${cpu.toFixed(0)} ms`,
    };
  };
  const ratio = (of: keyof Run): string =>
    median(runs.map(({ kfops, hera }) => kfops[of] / hera[of])).toFixed(2);
  return [
    row('node -e 0', ({ node }) => node),
    row(`Hera, ${IMAGES} images`, ({ hera }) => hera),
    row(`kfops generate, ${IMAGES} images`, ({ kfops }) => kfops),
    {
      name: 'kfops : Hera',
      value: ratio('wall'),
      note: `to reach: 0.33; CPU time ${ratio('cpu')}; medians of ${ROUNDS} pairs`,
    },
  ];
}

/** Runs a command; the shell says what it and its children used. */
async function measure(command: readonly string[]): Promise<Run> {
  let used = '';
  const wall = await time(async () => {
    const { stdout } = await run('sh', ['-c', '"$@" >/dev/null 2>&1 || exit; times', 'sh', ...command]);
    used = stdout;
  });
  const [, children = ''] = used.trim().split('\n');
  const cpu = [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60_000 + Number(seconds) * 1000,
    0,
  );
  return { wall, cpu };
}

function makeProject(folder: string): void {
  const names = Array.from({ length: IMAGES }, (_, i) => `image-${i}`);
  const files = churnFiles('ghcr.io/acme', names);
  for (const name of names) {
    files.set(
      `${name}/Dockerfile`,
      'FROM python:3.12-slim\nWORKDIR /app\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY main.py .\n',
    );
    files.set(`${name}/main.py`, `print('${name}')\n`);
    files.set(`${name}/requirements.txt`, 'numpy==2.1.0\n');
  }
  for (const [path, text] of files) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

interface Workflow {
  readonly spec: {
    readonly templates: readonly {
      readonly name: string;
      readonly dag?: { readonly tasks: readonly { readonly name: string; readonly template: string }[] };
    }[];
  };
}

function templatesOf(file: string): Workflow['spec']['templates'] {
  return (parse(readFileSync(file, 'utf8')) as Workflow).spec.templates;
}

/** How many tasks the largest DAG has. */
function batchOf(file: string): number {
  return Math.max(...templatesOf(file).map(({ dag }) => dag?.tasks.length ?? 0));
}

function tasksOf(file: string): string {
  const dags = templatesOf(file).flatMap(({ name, dag }) =>
    dag ? [[name, dag.tasks.map((task) => [task.name, task.template])] as const] : [],
  );
  return JSON.stringify(dags.sort(([a], [b]) => (a < b ? -1 : 1)));
}
