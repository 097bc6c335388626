import { CONFIG_PATH } from '../../generator/project/project.js';
import { parseConfig, type Config } from '../../schema/index.js';
import type { Repository } from '../ports.js';
import { withCommit } from './files.js';
import type { TaskContext } from './task-context.js';

/** Which commit of which repository. */
export interface CommitInput {
  readonly repository: Repository;
  /** Full id. */
  readonly commit: string;
}

/** @returns what the commit's config.yaml says; undefined if the file doesn't exist. @throws ConfigError if it has errors */
export function configAt(
  { repository, commit }: CommitInput,
  { ports, signal }: TaskContext,
): Promise<Config | undefined> {
  return withCommit(ports, repository, commit, signal, async (source) => {
    const text = await source.text(CONFIG_PATH);
    return text === undefined ? undefined : parseConfig(text, { file: CONFIG_PATH }).value;
  });
}
