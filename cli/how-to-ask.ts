import type { BuildFlags } from './options.js';
import type { Session } from './session.js';

/** What this person does so that the registries are asked for images; undefined where they are asked. */
export function howToAsk(
  { command }: Pick<Session, 'command'>,
  { reuse }: Pick<BuildFlags, 'reuse'>,
): string | undefined {
  if (reuse === true) return undefined;
  const source = command?.getOptionValueSource('reuse');
  if (source === 'env') return 'Unset KFOPS_NO_REUSE';
  return source === 'cli' ? 'Leave out `--no-reuse`' : 'Add `--reuse`';
}
