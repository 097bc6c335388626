import type { Plan } from '../generator/plan/plan-types.js';
import type { Settings } from '../schema/index.js';
import { shellLine, shellQuote } from '../schema/shell.js';
import type { NextSteps } from '../templates/data.js';
import { requirements } from './requirements.js';
import { wrapCommand } from './shell.js';

/** How far in the template's commands stand. */
const UNDER_STEP = 4;
const UNDER_NEED = 6;

/** What {@link nextSteps} depends on. */
export interface Generated {
  readonly plan: Plan;
  readonly settings: Settings;
  readonly namespace: string;
  /** The arguments of this call. */
  readonly argv: readonly string[];
  readonly output: string;
  readonly uploaded: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Width of the terminal; Infinity where there is none. */
  readonly columns: number;
}

/** What is left to do after `kfops generate`. */
export function nextSteps(made: Generated): NextSteps {
  const { plan, settings, namespace, argv, output, uploaded, env, columns } = made;
  const submit = `argo submit -n ${shellQuote(namespace)} ${shellQuote(output)}`;
  const withUpload = ['kfops', ...withoutContexts(argv), '--upload'];
  return {
    namespace,
    upload: uploaded
      ? undefined
      : {
          commands: wrapCommand(shellLine(withUpload), columns - UNDER_STEP),
          store: env.KFOPS_MINIO_ENDPOINT ?? plan.objectStore.endpoint,
          bucket: plan.objectStore.bucket,
          keysKnown: keysKnown(env),
        },
    assumedStore: plan.objectStore.isAssumed && plan.objectStore.endpoint,
    needs: requirements(plan, settings, namespace).map(({ what, why, commands }) => ({
      what,
      why,
      commands: commands.flatMap((line) => wrapCommand(line, columns - UNDER_NEED)),
    })),
    submit: wrapCommand(
      output === '-' ? `${shellLine(['kfops', ...argv])} | ${submit}` : submit,
      columns - UNDER_STEP,
    ),
  };
}

/** The same arguments without `--contexts DIR`, which excludes `--upload`. */
function withoutContexts(argv: readonly string[]): string[] {
  return argv.filter((word, at) => !/^--contexts(?:=|$)/.test(word) && argv[at - 1] !== '--contexts');
}

function keysKnown(env: Generated['env']): boolean {
  return ['KFOPS_MINIO_ACCESS_KEY', 'KFOPS_MINIO_SECRET_KEY'].every(
    (name) => env[name] ?? env[`${name}_FILE`],
  );
}
