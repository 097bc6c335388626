import type { Settings } from '../schema/index.js';
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

/** What turned reuse off, for the plan; undefined where it is on, or where the verb asks no registry unless told to. */
export function whatTurnedReuseOff(
  { command }: Pick<Session, 'command'>,
  { reuse }: Pick<BuildFlags, 'reuse'>,
  { build }: Pick<Settings, 'build'>,
): string | undefined {
  if (reuse === true) return build.reuse ? undefined : 'build.reuse in the settings';
  const source = command?.getOptionValueSource('reuse');
  if (source === 'env') return 'KFOPS_NO_REUSE';
  return source === 'cli' ? '--no-reuse' : undefined;
}
