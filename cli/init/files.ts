import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { CONFIG_PATH } from '../../generator/project/project.js';
import { makeFolder } from '../../stores/make-folder.js';
import { cannotWrite } from '../output/file.js';
import { configText, type Choices } from './config-text.js';

/** The result for one file. */
export interface InitFile {
  /** From the folder, with `/`. */
  readonly path: string;
  readonly state: 'wrote' | 'kept';
}

const TEMPLATES = new URL('../../templates/init/', import.meta.url);
const SCHEMAS = new URL('../../schema/', import.meta.url);
const MANIFEST_PATH = `${dirname(CONFIG_PATH)}/kaniko-manifest.yaml`;

/** The schemas that the first line of each file names for editors: a copy, so that they match this version. */
const SCHEMA_FILES = ['config.schema.json', 'kaniko-manifest.schema.json'];

/**
 * Writes both configuration files where they are missing, and the schemas next to them in any case.
 *
 * @param force - overwrite the configuration, too
 * @throws WorkError when a file cannot be written
 */
export async function writeInitFiles(folder: string, choices: Choices, force: boolean): Promise<InitFile[]> {
  const template = (path: string): Promise<string> => readFile(new URL(path, TEMPLATES), 'utf8');
  const config = configText(await template(CONFIG_PATH), choices);
  const manifest = await template(MANIFEST_PATH);
  const registry = choices.registry?.split('/', 1)[0];
  const files = [
    await write(folder, CONFIG_PATH, config, force),
    await write(
      folder,
      MANIFEST_PATH,
      registry === undefined ? manifest : manifest.replace('=ghcr.io ', () => `=${registry} `),
      force,
    ),
  ];
  for (const name of SCHEMA_FILES) {
    const text = await readFile(new URL(name, SCHEMAS), 'utf8');
    files.push(await refresh(folder, `${dirname(CONFIG_PATH)}/.schema/${name}`, text));
  }
  return files;
}

async function write(folder: string, path: string, text: string, force: boolean): Promise<InitFile> {
  const file = join(folder, path);
  try {
    await makeFolder(dirname(file));
    await writeFile(file, text, { flag: force ? 'w' : 'wx' });
    return { path, state: 'wrote' };
  } catch (error) {
    if (!force && (error as NodeJS.ErrnoException).code === 'EEXIST') return { path, state: 'kept' };
    throw cannotWrite(file, error);
  }
}

/** A schema is a copy: nobody edits it. */
async function refresh(folder: string, path: string, text: string): Promise<InitFile> {
  const there = await readFile(join(folder, path), 'utf8').catch(() => undefined);
  if (there === text) return { path, state: 'kept' };
  return write(folder, path, text, true);
}
