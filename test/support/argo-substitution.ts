import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

import type { Workflow } from '../../generator/workflow/types.js';

/** The releases of Argo whose own code the programs in test/argo-substitution have. */
export const ARGO_PROGRAMS = ['v3', 'v4'] as const;

/** A task after every pass of Argo: the template that its pod gets, or why there is none. */
export interface SubstitutedStep {
  readonly task: string;
  readonly template?: string;
  readonly error?: string;
}

/** What the tasks report: `tasks.build-trainer.outputs.parameters.digest` → value. */
export type Reported = Readonly<Record<string, string>>;

/** A built program. */
export interface Substitution {
  /** The tasks of a workflow, once for each case. */
  run(workflow: Workflow, cases: readonly Reported[]): Promise<readonly (readonly SubstitutedStep[])[]>;
  remove(): void;
}

/**
 * Builds the program of a release. Go keeps what it built, so only the first time takes minutes. Without Go, skips the
 * test and says so; CI has Go.
 */
export function argoSubstitution(
  context: Mocha.Context,
  release: (typeof ARGO_PROGRAMS)[number],
): Substitution {
  const folder = fileURLToPath(new URL(`../argo-substitution/${release}/`, import.meta.url));
  const scratch = mkdtempSync(join(tmpdir(), 'kfops-substitution-'));
  const binary = join(scratch, release);
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
    const message = built.error
      ? `Go is missing (${built.error.message})`
      : `go build failed: ${built.stderr}`;
    if (process.env.CI || !built.error) throw new Error(message);
    console.log(`      skipped: ${message}`);
    return context.skip();
  }
  return {
    remove,
    run: async (workflow, cases) => {
      const request = JSON.stringify({ workflow, cases });
      const child = spawn(binary, [], { stdio: ['pipe', 'pipe', 'inherit'] });
      child.stdin.end(request);
      return JSON.parse(await text(child.stdout)) as readonly (readonly SubstitutedStep[])[];
    },
  };
}
