import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { suggest } from '../common/suggest.js';
import { CONFIG_PATH, loadProject, type ProjectOptions } from '../generator/project/project.js';
import { ConfigError, type Diagnostic } from '../schema/diagnostic.js';
import { sentence } from '../schema/sentence.js';
import type { ProjectFlags } from './options.js';
import type { Session } from './session.js';

/** What the words after a verb name: a repository, and images of it. */
export interface Operands {
  readonly dir: string;
  /** Names of images, each once; absent: all images. */
  readonly only?: readonly string[];
}

/** Names of images that are listed in an error. */
const LISTED = 10;

/**
 * Tells the folder of a repository from names of images. The first word is the folder if it is a path (`.`, `..`, or with
 * a slash), if the folder of this name has a configuration or a git repository, or if no configuration is here. All other
 * words name images.
 *
 * Hints of this call then name the same folder.
 */
export function imageOperands(
  { io, command }: Pick<Session, 'io' | 'command'>,
  first: string,
  others: readonly string[],
  flags: Pick<ProjectFlags, 'config' | 'commit'>,
): Operands {
  const has = (path: string): boolean => existsSync(resolve(io.cwd, path));
  const isElsewhere = flags.config !== undefined || flags.commit !== undefined;
  const isHere = has(CONFIG_PATH) || (isElsewhere && has('.git') && !has(first));
  const isRepository = [CONFIG_PATH, '.git'].some((path) => has(join(first, path)));
  const isDir = isPath(first) || isRepository || !isHere;
  const dir = isDir ? first : '.';
  const names = [...new Set(isDir ? others : [first, ...others])];
  if (command) command.args = [dir, ...names];
  return { dir, ...(names.length > 0 && { only: names }) };
}

/**
 * Checks that the configuration has images of these names.
 *
 * @throws ConfigError that names all others, each with the nearest name
 */
export async function requireImages(options: ProjectOptions, only: readonly string[] = []): Promise<void> {
  if (only.length === 0) return;
  const { config } = await loadProject(options);
  const names = (config.value.image_builder?.images ?? []).map(({ name }) => name);
  const unknown = only.filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new ConfigError(unknown.map((name) => unknownImage(name, names)));
}

/** No image has this name. */
export function unknownImage(name: string, names: readonly string[]): Diagnostic {
  const near = suggest(name, names);
  const some = names.slice(0, LISTED).join(', ');
  const there =
    names.length === 0
      ? 'the configuration has no images'
      : `there are: ${some}${names.length > LISTED ? ', …' : ''}`;
  return {
    code: 'WRONG_VALUE',
    severity: 'error',
    message: `the configuration has no image \`${name}\``,
    file: 'IMAGE',
    hint: near === undefined ? there : `did you mean \`${near}\`? ${sentence(there)}`,
  };
}

function isPath(word: string): boolean {
  return word === '.' || word === '..' || /[/\\]/.test(word);
}
