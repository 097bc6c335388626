import type { Config } from '../../schema/index.js';
import { configAt, type CommitInput } from './config-at.js';
import type { TaskContext } from './task-context.js';

/**
 * Reads what a repository's config.yaml wants to be started without a command.
 *
 * @throws ConfigError if the file has errors
 */
export async function readTriggers(
  input: CommitInput,
  context: TaskContext,
): Promise<NonNullable<Config['triggers']>> {
  return (await configAt(input, context))?.triggers ?? { pull_request: 'none' };
}
