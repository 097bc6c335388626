import { readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

import { isMap, isScalar, parseDocument } from 'yaml';

import { CONFIG_PATH } from '../generator/project.js';
import { yamlText } from '../schema/write-yaml.js';
import { makeFolder } from '../stores/make-folder.js';
import type { RepositoryName } from './git-remote.js';
import { cannotWrite } from './output/file.js';

/** What became of one file. */
export interface InitFile {
  /** From the folder, with `/`. */
  readonly path: string;
  /** It was there and stayed as it was. */
  readonly kept: boolean;
}

const TEMPLATES = fileURLToPath(new URL('../templates/init/', import.meta.url));
const SCHEMAS = new URL('../schema/', import.meta.url);

/** The schemas that the first line of each file names for editors: a copy, so that they match this version. */
const SCHEMA_FILES = ['config.schema.json', 'kaniko-manifest.schema.json'];

/**
 * Copies templates/init into a folder, and the schemas beside it.
 *
 * @throws WorkError when a file cannot be written
 */
export async function writeInitFiles(
  folder: string,
  options: { readonly force: boolean; readonly repository: RepositoryName | undefined },
): Promise<InitFile[]> {
  const files: InitFile[] = [];
  for (const { path, text } of await initFiles(options.repository)) {
    files.push({ path, kept: !(await write(join(folder, path), text, options.force)) });
  }
  return files;
}

async function initFiles(repository: RepositoryName | undefined): Promise<{ path: string; text: string }[]> {
  const entries = await readdir(TEMPLATES, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(TEMPLATES.length).split(sep).join('/'))
    .sort();
  const templates = paths.map(async (path) => {
    const text = await readFile(join(TEMPLATES, path), 'utf8');
    return { path, text: path === CONFIG_PATH && repository ? fillIn(text, repository) : text };
  });
  const schemas = SCHEMA_FILES.map(async (name) => ({
    path: `${dirname(CONFIG_PATH)}/.schema/${name}`,
    text: await readFile(new URL(name, SCHEMAS), 'utf8'),
  }));
  return Promise.all([...templates, ...schemas]);
}

/** @returns false when the file was there and `force` is not set */
async function write(file: string, text: string, force: boolean): Promise<boolean> {
  try {
    await makeFolder(dirname(file));
    await writeFile(file, text, { flag: force ? 'w' : 'wx' });
    return true;
  } catch (error) {
    if (!force && (error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw cannotWrite(file, error);
  }
}

/** Puts the repository's names in their places; not a character beside them changes, so that the comments stay. */
function fillIn(template: string, repository: RepositoryName): string {
  const section = parseDocument(template).get('repository');
  if (!isMap(section)) return template;
  const places = (['owner', 'name'] as const).flatMap((key) => {
    const node = section.get(key, true);
    return isScalar(node) && node.range
      ? [{ start: node.range[0], end: node.range[1], text: repository[key] }]
      : [];
  });
  return places
    .sort((a, b) => b.start - a.start)
    .reduce(
      (text, { start, end, text: name }) => text.slice(0, start) + yamlText(name) + text.slice(end),
      template,
    );
}
