import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { skipWithout } from './missing.js';

/** A program that was built for a test. */
export interface GoProgram {
  /** What it prints when given this. */
  run(input: string, ...args: readonly string[]): Promise<string>;
  remove(): void;
}

/**
 * Builds the Go program of a folder from the published modules that its `go.mod` names. Go keeps what it built, so only
 * the first time takes minutes. Skips the test without Go.
 */
export function goProgram(context: Mocha.Context, folder: string): GoProgram {
  const scratch = mkdtempSync(join(tmpdir(), 'kfops-go-'));
  const binary = join(scratch, 'program');
  const env = {
    ...process.env,
    // As test/cluster/node.sh builds Argo, so that both share what is compiled.
    PATH: `${process.env.PATH ?? ''}:/usr/local/go/bin`,
    CGO_ENABLED: '0',
    GOWORK: 'off',
    GOFLAGS: '-buildvcs=false -trimpath',
    GOTOOLCHAIN: 'auto',
  };
  const remove = (): void => {
    rmSync(scratch, { recursive: true, force: true });
  };
  const built = spawnSync('go', ['build', '-o', binary, '.'], { cwd: folder, env, encoding: 'utf8' });
  if (built.status !== 0) {
    remove();
    if (!built.error) throw new Error(`go build failed: ${built.stderr}`);
    skipWithout(context, 'Go', 'install Go 1.24 or newer');
  }
  return {
    remove,
    run: async (input, ...args) => {
      const child = spawn(binary, args, { stdio: ['pipe', 'pipe', 'inherit'] });
      child.stdin.end(input);
      return text(child.stdout);
    },
  };
}
