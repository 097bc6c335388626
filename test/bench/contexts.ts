/**
 * Build contexts: packing beside GNU tar, the key of a large commit, and the memory of a large context.
 */
import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';

import { assembleContexts } from '../../generator/contexts/assemble.js';
import type { Context, ContextRequest } from '../../generator/contexts/context.js';
import { packContext } from '../../generator/contexts/pack.js';
import type { ContextSource } from '../../generator/ports.js';
import { folderSource } from '../../sources/folder.js';
import { gitCommitSource } from '../../sources/git.js';
import { median, time, type Row } from './row.js';

const MEBIBYTE = 2 ** 20;
const LIMITS = { files: 1_000_000, bytes: 2 ** 40 };
const REQUEST: ContextRequest = {
  name: 'image',
  dockerfileFolder: 'image',
  otherFolders: [],
  dockerfile: 'Dockerfile',
};
const ROUNDS = 3;

export async function benchContexts(): Promise<readonly Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'kfops-bench-'));
  try {
    return [
      ...(await packing(join(folder, 'pack'))),
      ...(await keys(join(folder, 'key'))),
      await memory(join(folder, 'big')),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** 5,000 files of 40 KiB, every other one of random bytes, the rest hexadecimal text. */
function packTree(root: string): void {
  for (let i = 0; i < 5000; i++) {
    const folder = join(root, 'image', `folder-${i % 100}`);
    if (i < 100) mkdirSync(folder, { recursive: true });
    const size = 40 * 1024;
    writeFileSync(
      join(folder, `file-${i}`),
      i % 2 ? randomBytes(size) : randomBytes(size / 2).toString('hex'),
    );
  }
  writeFileSync(join(root, 'image', 'Dockerfile'), 'FROM scratch\n');
}

async function packing(root: string): Promise<Row[]> {
  packTree(root);
  const source = await folderSource(root);
  const rows: Row[] = [];
  for (const level of [6, 1]) {
    const ours: number[] = [];
    const theirs: number[] = [];
    const sizes = new Set<number>();
    for (let round = 0; round < ROUNDS; round++) {
      // What a user waits for: listing, the key, and the archive. The first round warms the caches of both.
      ours.push(await time(async () => sizes.add(await drain(source, await assemble(source), level))));
      theirs.push(
        await time(() => run('tar', ['-c', '-I', `gzip -${level}`, '-f', '-', '-C', root, 'image'])),
      );
    }
    const [mine, other] = [median(ours), median(theirs)];
    rows.push({
      name: `pack 200 MB in 5,000 files, gzip level ${level}`,
      value: `${(mine / other).toFixed(2)} × tar`,
      note: `${seconds(mine)} with listing and key; tar -cz ${seconds(other)}; medians of ${ROUNDS} in turn; ${megabytes(Math.max(...sizes))}`,
    });
  }
  return rows;
}

async function keys(root: string): Promise<Row[]> {
  makeRepository(root, 20_000);
  const cold: number[] = [];
  for (let round = 0; round < 7; round++) {
    cold.push(await time(async () => assemble(await gitCommitSource(root, 'HEAD'))));
  }
  return [
    {
      name: 'key of 20,000 files of a commit',
      value: milliseconds(median(cold)),
      note: `from opening the repository on; to reach: 200 ms; first ${milliseconds(cold[0]!)}`,
    },
  ];
}

/** A commit made by `git fast-import`: no file is written. */
function makeRepository(root: string, files: number): void {
  execFileSync('git', ['init', '-q', root]);
  const lines = ['commit refs/heads/main', 'committer bench <bench@example.com> 0 +0000', 'data 0'];
  for (let i = 0; i < files; i++) {
    const content = `file ${i}\n`;
    lines.push(
      `M 100644 inline image/folder-${i % 200}/some-module-${i}.py`,
      `data ${content.length}`,
      content,
    );
  }
  lines.push('M 100644 inline image/Dockerfile', 'data 13', 'FROM scratch\n');
  execFileSync('git', ['-C', root, 'fast-import', '--quiet'], { input: `${lines.join('\n')}\n` });
  execFileSync('git', ['-C', root, 'symbolic-ref', 'HEAD', 'refs/heads/main']);
}

/** Packs 2 GiB (three large files and 1,000 small ones, incompressible) in a process of its own. */
async function memory(root: string): Promise<Row> {
  mkdirSync(join(root, 'image'), { recursive: true });
  const block = randomBytes(MEBIBYTE);
  for (let i = 0; i < 3; i++) {
    const file = openSync(join(root, 'image', `large-${i}`), 'w');
    for (let written = 0; written < 640; written++) writeSync(file, block);
    closeSync(file);
  }
  for (let i = 0; i < 1000; i++)
    writeFileSync(join(root, 'image', `small-${i}`), block.subarray(i, i + 128 * 1024));
  writeFileSync(join(root, 'image', 'Dockerfile'), 'FROM scratch\n');
  const child = spawn(process.execPath, ['--import', 'tsx', fileURLToPath(import.meta.url), root], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await once(child, 'close');
  const { rss, before, bytes, ms } = JSON.parse(output) as Record<'rss' | 'before' | 'bytes' | 'ms', number>;
  return {
    name: 'peak memory, context of 2 GiB',
    value: megabytes(rss),
    note: `to reach: 200 MiB; ${megabytes(before)} before it began (Node, tsx); archive ${megabytes(bytes)} in ${seconds(ms)} at level 1`,
  };
}

async function packInChild(root: string): Promise<void> {
  const before = process.resourceUsage().maxRSS * 1024;
  const source = await folderSource(root);
  let bytes = 0;
  const ms = await time(async () => (bytes = await drain(source, await assemble(source), 1)));
  process.stdout.write(JSON.stringify({ rss: process.resourceUsage().maxRSS * 1024, before, bytes, ms }));
}

async function assemble(source: ContextSource): Promise<Context> {
  const [result] = await assembleContexts(source, [REQUEST], LIMITS);
  if (!result?.context) throw new Error(JSON.stringify(result?.problems));
  return result.context;
}

/** Packs to nowhere, as `tar -cz > /dev/null` does, and counts. */
async function drain(source: ContextSource, context: Context, level: number): Promise<number> {
  let bytes = 0;
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      done();
    },
  });
  await pipeline(packContext(source, context, { level }), sink);
  return bytes;
}

async function run(command: string, args: readonly string[]): Promise<void> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout.resume();
  const [code] = (await once(child, 'close')) as [number];
  if (code !== 0) throw new Error(`${command} ended with ${code}`);
}

const milliseconds = (ms: number): string => `${Math.round(ms)} ms`;
const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
const megabytes = (bytes: number): string => `${Math.round(bytes / MEBIBYTE)} MiB`;

if (process.argv[1] === fileURLToPath(import.meta.url) && process.argv[2] !== undefined) {
  await packInChild(process.argv[2]);
}
