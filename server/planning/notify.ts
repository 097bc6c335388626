import type { Config } from '../../schema/index.js';
import { configAt, type CommitInput } from './config-at.js';
import type { TaskContext } from './task-context.js';

/**
 * Reads whom a repository's config.yaml wants to be notified.
 *
 * @throws ConfigError if the file has errors
 */
export async function readNotify(
  input: CommitInput,
  context: TaskContext,
): Promise<NonNullable<Config['notify']>> {
  return (await configAt(input, context))?.notify ?? { channels: [] };
}
