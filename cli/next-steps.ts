import type { Plan } from '../generator/plan-types.js';
import type { Settings } from '../schema/index.js';
import type { NextSteps } from '../templates/data.js';
import { requirements } from './requirements.js';
import { shellLine, shellQuote } from './shell.js';

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
}

/** What is left to do after `kfops generate`. */
export function nextSteps({ plan, settings, namespace, argv, output, uploaded, env }: Generated): NextSteps {
  const submit = `argo submit -n ${shellQuote(namespace)} ${shellQuote(output)}`;
  const withUpload = ['kfops', ...withoutContexts(argv), '--upload'];
  return {
    namespace,
    upload:
      uploaded || plan.images.length === 0
        ? undefined
        : {
            command: shellLine(withUpload),
            store: env.KFOPS_MINIO_ENDPOINT ?? plan.objectStore.endpoint,
            bucket: plan.objectStore.bucket,
            keysKnown: keysKnown(env),
          },
    needs: requirements(plan, settings, namespace),
    submit: output === '-' ? `${shellLine(['kfops', ...argv])} | ${submit}` : submit,
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
