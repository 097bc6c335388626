import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { EXAMPLE_SETTINGS_FILE } from '../support/example-settings.js';
import { endsWithTests } from '../support/interrupted.js';

/** The built command. */
export const BIN = fileURLToPath(new URL('../../dist/cli/bin.js', import.meta.url));

/** How a call of the command ended. */
export interface Result {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Call {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Open files in place of the pipes whose text comes back. */
  readonly stdout?: number;
  readonly stderr?: number;
  /** Is given the process as soon as it was started. */
  readonly during?: (child: ChildProcess) => void;
}

/** Runs the built command as a process of its own, with the settings of the examples and none of this machine. No registry is asked. */
export async function kfops(args: readonly string[], call: Call): Promise<Result> {
  const { cwd, env = {}, during } = call;
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd,
    env: {
      PATH: process.env.PATH,
      HOME: cwd,
      KFOPS_NO_REUSE: '1',
      KFOPS_SETTINGS: EXAMPLE_SETTINGS_FILE,
      ...env,
    },
    stdio: ['ignore', call.stdout ?? 'pipe', call.stderr ?? 'pipe'],
  });
  endsWithTests(child);
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  during?.(child);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      resolve({ code, signal, stdout, stderr });
    });
  });
}
