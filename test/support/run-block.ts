import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { EXAMPLE_SETTINGS_FILE } from './example-settings.js';
import { endsWithTests } from './interrupted.js';

const BIN = fileURLToPath(new URL('../../dist/cli/bin.js', import.meta.url));

/** What the commands leave in the background ends with them. */
const END_JOBS = `trap 'kill $(jobs -p) 2>/dev/null || :' EXIT`;

/** How to run the commands of a block. */
export interface BlockCall {
  readonly cwd: string;
  /** In addition to PATH, HOME and the settings of the examples. */
  readonly env?: Readonly<Record<string, string>>;
  /** Paths of further commands by their names, such as kubectl. */
  readonly commands?: Readonly<Record<string, string>>;
  /** Values in place of those of the documentation, each of which the block must have; in this order. */
  readonly values?: readonly (readonly [documented: string, value: string])[];
}

/** How a block ended. */
export interface BlockResult {
  readonly code: number | null;
  readonly stdout: string;
  /** Both streams, as a terminal shows them. */
  readonly output: string;
}

/**
 * Runs commands of the documentation with bash, up to the first one that fails. `kfops` is the built command.
 *
 * @throws Error if the text lacks a documented value
 */
export async function runBlock(text: string, call: BlockCall): Promise<BlockResult> {
  const bin = mkdtempSync(join(tmpdir(), 'kfops-bin-'));
  try {
    for (const [name, path] of Object.entries({ kfops: BIN, ...call.commands })) {
      const command = name === 'kfops' ? `"${process.execPath}" "${path}"` : `"${path}"`;
      writeFileSync(join(bin, name), `#!/bin/sh\nexec ${command} "$@"\n`, { mode: 0o755 });
    }
    return await bash(withValues(text, call.values ?? []), bin, call);
  } finally {
    rmSync(bin, { recursive: true });
  }
}

function withValues(text: string, values: NonNullable<BlockCall['values']>): string {
  return values.reduce((sum, [documented, value]) => {
    if (!sum.includes(documented)) throw new Error(`no \`${documented}\` in these commands:\n${sum}`);
    return sum.replaceAll(documented, () => value);
  }, text);
}

function bash(script: string, bin: string, { cwd, env }: BlockCall): Promise<BlockResult> {
  const child = spawn('bash', ['-euo', 'pipefail', '-c', `${END_JOBS}\n${script}`], {
    cwd,
    env: {
      PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`,
      HOME: cwd,
      KFOPS_NO_REUSE: '1',
      KFOPS_SETTINGS: EXAMPLE_SETTINGS_FILE,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  endsWithTests(child);
  let stdout = '';
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    stdout += part;
    output += part;
  });
  child.stderr.setEncoding('utf8').on('data', (part: string) => (output += part));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code, stdout, output });
    });
  });
}
