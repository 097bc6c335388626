import { CONFIG_PATH } from '../../generator/project/project.js';
import { parseConfig, type Config } from '../../schema/index.js';
import type { Repository } from '../ports.js';
import { withCommit } from './files.js';
import type { TaskContext } from './task-context.js';

/**
 * Reads whom a repository's config.yaml wants to be notified.
 *
 * @param input - which commit
 * @throws ConfigError if the file has errors
 */
export async function readNotify(
  { repository, commit }: { readonly repository: Repository; readonly commit: string },
  { ports, signal }: TaskContext,
): Promise<NonNullable<Config['notify']>> {
  return withCommit(ports, repository, commit, signal, async (source) => {
    const text = await source.text(CONFIG_PATH);
    const notify = text === undefined ? undefined : parseConfig(text, { file: CONFIG_PATH }).value.notify;
    return notify ?? { channels: [] };
  });
}
