import { fileURLToPath } from 'node:url';

import type { Workflow } from '../../generator/workflow/types.js';
import { goProgram } from './go-program.js';

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

/** Builds the program of a release, or skips the test: {@link goProgram}. */
export function argoSubstitution(
  context: Mocha.Context,
  release: (typeof ARGO_PROGRAMS)[number],
): Substitution {
  const folder = fileURLToPath(new URL(`../argo-substitution/${release}/`, import.meta.url));
  const program = goProgram(context, folder);
  return {
    remove: () => {
      program.remove();
    },
    run: async (workflow, cases) =>
      JSON.parse(
        await program.run(JSON.stringify({ workflow, cases })),
      ) as readonly (readonly SubstitutedStep[])[],
  };
}
