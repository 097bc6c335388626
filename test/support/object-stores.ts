import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { NODE_CACHE } from './cache-folder.js';
import { endsWithTests } from './interrupted.js';
import { skipWithout } from './missing.js';

/** A store that runs on loopback. */
export interface RunningStore {
  readonly port: number;
  readonly accessKey: string;
  readonly secretKey: string;
  /** Ends it, and removes what it stored. */
  readonly stop: () => Promise<void>;
}

/** A program that is an object store. */
export interface StoreProgram {
  readonly name: string;
  /** The variable with its path, where test/cluster/node.sh has not built it. */
  readonly variable: string;
  readonly binary: string | undefined;
  /** Its arguments and environment; `folder` is empty. */
  readonly command: (folder: string, port: number, keys: Keys) => Promise<Command>;
  /** Answers when the store can be used. */
  readonly ready: string;
}

interface Keys {
  readonly accessKey: string;
  readonly secretKey: string;
}

interface Command {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** The object stores of Kubeflow Pipelines: MinIO up to 2.14, then SeaweedFS. */
export const STORES: readonly StoreProgram[] = [
  {
    name: 'MinIO',
    variable: 'KFOPS_TEST_MINIO',
    binary: binaryOf('KFOPS_TEST_MINIO', 'minio-', 'minio'),
    command: (folder, port, { accessKey, secretKey }) =>
      Promise.resolve({
        args: ['server', '--quiet', '--address', `127.0.0.1:${port}`, folder],
        env: { MINIO_ROOT_USER: accessKey, MINIO_ROOT_PASSWORD: secretKey, MINIO_BROWSER: 'off' },
      }),
    ready: '/minio/health/ready',
  },
  {
    name: 'SeaweedFS',
    variable: 'KFOPS_TEST_SEAWEEDFS',
    binary: binaryOf('KFOPS_TEST_SEAWEEDFS', 'seaweedfs-', 'weed'),
    command: async (folder, port, { accessKey, secretKey }) => {
      const credentials = [{ accessKey, secretKey }];
      const config = join(folder, 's3.json');
      await writeFile(
        config,
        JSON.stringify({ identities: [{ name: 'test', credentials, actions: ['Admin'] }] }),
      );
      const [master, volume, filer] = [await freePort(), await freePort(), await freePort()];
      return {
        args: [
          ...['server', `-dir=${folder}`, '-ip=127.0.0.1', '-ip.bind=127.0.0.1', '-filer', '-s3'],
          ...[`-master.port=${master}`, `-volume.port=${volume}`, `-filer.port=${filer}`, `-s3.port=${port}`],
          ...[`-s3.config=${config}`, '-master.volumePreallocate=false', '-master.volumeSizeLimitMB=64'],
          '-volume.max=40',
        ],
        env: {},
      };
    },
    ready: '/status',
  },
];

/** Starts a store with keys of its own; skips the running tests if it is not on this machine. */
export async function startStore(test: Mocha.Context, program: StoreProgram): Promise<RunningStore> {
  const { name, variable, binary, command, ready } = program;
  if (binary === undefined)
    return skipWithout(test, name, `set ${variable}, or run test/cluster/node.sh prepare`);
  const keys = { accessKey: 'test-access-key', secretKey: randomBytes(16).toString('hex') };
  const [folder, port] = await Promise.all([mkdtemp(join(tmpdir(), 'kfops-store-')), freePort()]);
  const { args, env } = await command(folder, port, keys);
  const child = endsWithTests(
    spawn(binary, args, {
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: folder, ...env },
      stdio: 'ignore',
    }),
  );
  const stop = async (): Promise<void> => {
    if (child.exitCode === null) {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
    }
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await until(`http://127.0.0.1:${port}${ready}`, child, name);
  } catch (error) {
    await stop();
    throw error;
  }
  return { port, ...keys, stop };
}

function binaryOf(variable: string, folder: string, file: string): string | undefined {
  return [
    process.env[variable],
    ...(existsSync(NODE_CACHE) ? readdirSync(NODE_CACHE) : [])
      .filter((name) => name.startsWith(folder))
      .map((name) => join(NODE_CACHE, name, file)),
  ].find((path) => path !== undefined && existsSync(path));
}

/** SeaweedFS also listens 10000 above each of its ports, so a port of the upper range would not do. */
async function freePort(): Promise<number> {
  for (;;) {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    if (port < 55_000) return port;
  }
}

/** Asks until the answer is yes; the test's own timeout ends it. */
async function until(address: string, child: ChildProcess, name: string): Promise<void> {
  const isReady = () =>
    fetch(address).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await isReady())) {
    if (child.exitCode !== null) throw new Error(`${name} has ended with ${child.exitCode}`);
    await sleep(50);
  }
}
