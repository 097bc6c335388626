import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { environment } from './environment.js';

const run = promisify(execFile);

/** `kubectl` as the cluster's admin. */
export function kubectl(...args: readonly string[]): Promise<string> {
  return asAdmin(environment.kubectl!, args);
}

/** `helm` as the cluster's admin. */
export function helm(...args: readonly string[]): Promise<string> {
  return asAdmin(environment.helm!, args);
}

/** `node.sh`, where the node is ours. */
export async function nodeScript(...args: readonly string[]): Promise<void> {
  await run(environment.nodeScript!, args);
}

/** @returns what it printed; what went wrong is in the error's message */
async function asAdmin(file: string, args: readonly string[]): Promise<string> {
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, KUBECONFIG: environment.adminKubeconfig };
  const { stdout } = await run(file, args, { env, maxBuffer: 2 ** 24 });
  return stdout;
}
