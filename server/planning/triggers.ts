import { CONFIG_PATH } from '../../generator/project/project.js';
import { parseTriggers, type Config } from '../../schema/index.js';
import type { CommitInput } from './config-at.js';
import { withCommit } from './files.js';
import type { TaskContext } from './task-context.js';

/**
 * Reads what a repository's config.yaml wants to be started without a command. Errors elsewhere in the file don't keep a
 * build from being started, which says them.
 *
 * @throws ConfigError if the file isn't YAML, or its section `triggers` has errors
 */
export function readTriggers(
  { repository, commit }: CommitInput,
  { ports, signal }: TaskContext,
): Promise<NonNullable<Config['triggers']>> {
  return withCommit(ports, repository, commit, signal, async (source) => {
    const text = await source.text(CONFIG_PATH);
    const wanted = text === undefined ? undefined : parseTriggers(text, { file: CONFIG_PATH });
    return wanted ?? { pull_request: 'none' };
  });
}
