/**
 * Builds of 100 images in a repository of 20,000 files, of which few or none changed: the command with a real registry,
 * and the plan alone with a warm cache of the remote repository.
 */
import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { planBuild } from '../../generator/plan/plan.js';
import type { Plan } from '../../generator/plan/plan-types.js';
import type { ContextSource, ImageRegistries } from '../../generator/ports.js';
import { loadProject } from '../../generator/project/project.js';
import { defaultSettings } from '../../schema/index.js';
import { gitCommitSource } from '../../sources/git.js';
import { repositoryCache } from '../../sources/remote/index.js';
import { imageRegistries } from '../../stores/registry/registries.js';
import { GitServer } from '../fixtures/git-server.js';
import { Registry } from '../fixtures/registry.js';
import { churnFiles } from '../support/churn.js';
import { median, time, type Row } from './row.js';

const run = promisify(execFile);
const COMMAND = fileURLToPath(new URL('../../dist/cli/bin.js', import.meta.url));
const IMAGES = 100;
const FILES_EACH = 200;
const ROUNDS = 9;

export async function benchIncremental(): Promise<readonly Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'kfops-bench-'));
  const registry = await Registry.open();
  try {
    const repository = join(folder, 'churn.git');
    makeRepository(repository, registry.host);
    await registry.image('team/base', { tag: 'v1' });
    const rows = [await first(folder, repository)];
    const source = await gitCommitSource(repository, 'HEAD');
    await push(registry, await planOf(source, imageRegistries()));
    rows.push(...(await unchanged(folder, repository)), await oneChanged(folder, repository));
    rows.push(await warmPlan(folder));
    return rows;
  } finally {
    await registry.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** All images are new: all contexts are stored. */
async function first(folder: string, repository: string): Promise<Row> {
  const { ms, bytes } = await generate(folder, repository);
  return {
    name: `${IMAGES} of ${IMAGES} images changed`,
    value: seconds(ms),
    note: `${kilobytes(bytes)} stored; one run`,
  };
}

/** Nothing changed: in turn with `node -e 0`. */
async function unchanged(folder: string, repository: string): Promise<Row[]> {
  const node: number[] = [];
  const kfops: number[] = [];
  let stored = 0;
  for (let round = 0; round <= ROUNDS; round++) {
    const bare = await time(() => run(process.execPath, ['-e', '0']));
    const { ms, bytes } = await generate(folder, repository);
    stored += bytes;
    if (round === 0) continue;
    node.push(bare);
    kfops.push(ms);
  }
  const [bare, mine] = [median(node), median(kfops)];
  return [
    {
      name: `nothing changed, command to Workflow`,
      value: seconds(mine),
      note: `to reach: 1 s; ${(mine / bare).toFixed(1)} × node -e 0 (${bare.toFixed(0)} ms); medians of ${ROUNDS} in turn`,
    },
    {
      name: 'nothing changed, stored',
      value: kilobytes(stored),
      note: `to reach: 0; in ${ROUNDS + 1} runs`,
    },
  ];
}

async function oneChanged(folder: string, repository: string): Promise<Row> {
  const content = '["changed"]\n';
  fastImport(repository, [
    'from refs/heads/main^0',
    'M 100644 inline image-7/folder-1/data-1.json',
    `data ${content.length}`,
    content,
  ]);
  const { ms, bytes } = await generate(folder, repository);
  return {
    name: `1 of ${IMAGES} images changed`,
    value: seconds(ms),
    note: `${kilobytes(bytes)} stored; one run`,
  };
}

/** As the server plans: the commit comes from the cache of remote repositories. The registry answers at once. */
async function warmPlan(folder: string): Promise<Row> {
  const server = await GitServer.start(folder);
  try {
    const cache = repositoryCache({ folder: join(folder, 'cache'), maxBytes: 2 ** 30 });
    const commit = execFileSync('git', ['-C', join(folder, 'churn.git'), 'rev-parse', 'HEAD'], {
      encoding: 'utf8',
    }).trim();
    const answers: ImageRegistries = { find: () => Promise.resolve({ state: 'absent' }) };
    const plan = async (): Promise<void> => {
      const source = await cache.open({ key: 'churn', url: server.url('churn'), commit });
      try {
        await planOf(source, answers);
      } finally {
        await source.dispose();
      }
    };
    const cold = await time(plan);
    const warm: number[] = [];
    for (let round = 0; round < ROUNDS; round++) warm.push(await time(plan));
    return {
      name: `plan of ${IMAGES} images, warm cache`,
      value: `${median(warm).toFixed(0)} ms`,
      note: `to reach: 300 ms; in this process, without a registry; median of ${ROUNDS}; the first, with an empty cache: ${seconds(cold)}`,
    };
  } finally {
    await server.stop();
  }
}

async function planOf(source: ContextSource, registries: ImageRegistries): Promise<Plan> {
  return planBuild(await loadProject({ source, settings: defaultSettings() }), { registries });
}

/** Runs the command. @returns how long it took, and what it added to the store */
async function generate(folder: string, repository: string): Promise<{ ms: number; bytes: number }> {
  const contexts = join(folder, 'contexts');
  const args = ['generate', repository, '--commit', 'HEAD', '--reuse', '--contexts', contexts];
  const before = bytesBelow(contexts);
  const ms = await time(() =>
    run(process.execPath, [COMMAND, ...args, '-o', join(folder, 'workflow.yaml')], {
      env: { PATH: process.env.PATH, HOME: folder },
    }),
  );
  return { ms, bytes: bytesBelow(contexts) - before };
}

/** An image with its labels under the tag of its key, for each image of the plan. */
async function push(registry: Registry, { images }: Plan): Promise<void> {
  for (const { name, secondTag, labels } of images) {
    const texts = labels.map((label) => [label.name, 'value' in label ? label.value : '']);
    if (secondTag === undefined) throw new Error(`${name} has no key`);
    await registry.image(`team/${name}`, {
      tag: secondTag,
      labels: Object.fromEntries(texts) as Record<string, string>,
    });
  }
}

function makeRepository(folder: string, host: string): void {
  const names = Array.from({ length: IMAGES }, (_, i) => `image-${i}`);
  const files = churnFiles(`${host}/team`, names);
  for (let image = 0; image < IMAGES; image++) {
    files.set(`image-${image}/Dockerfile`, `FROM ${host}/team/base:v1\nCOPY . /app\n`);
    for (let i = 1; i < FILES_EACH; i++) {
      // The code of a pipeline has every Python file of its repository.
      const name = i % 10 === 0 ? `module-${i}.py` : `data-${i}.json`;
      files.set(`image-${image}/folder-${i % 7}/${name}`, `[${image}, ${i}]\n`);
    }
  }
  mkdirSync(folder);
  execFileSync('git', ['init', '-q', '-b', 'main', folder]);
  for (const name of ['allowFilter', 'allowAnySHA1InWant'])
    execFileSync('git', ['-C', folder, 'config', `uploadpack.${name}`, 'true']);
  fastImport(
    folder,
    [...files].flatMap(([path, content]) => [
      `M 100644 inline ${path}`,
      `data ${Buffer.byteLength(content)}`,
      content,
    ]),
  );
}

/** A commit made by `git fast-import`: no file is written. */
function fastImport(folder: string, changes: readonly string[]): void {
  const head = ['commit refs/heads/main', 'committer bench <bench@example.com> 0 +0000', 'data 0'];
  execFileSync('git', ['-C', folder, 'fast-import', '--quiet'], {
    input: `${[...head, ...changes].join('\n')}\n`,
  });
}

function bytesBelow(folder: string): number {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
  } catch {
    return 0;
  }
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`;
