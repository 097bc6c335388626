import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Folders with the product's own sources; `index.ts` is next to them. */
export const FOLDERS = [
  'argo',
  'cli',
  'common',
  'generator',
  'pipeline',
  'schema',
  'server',
  'sources',
  'stores',
  'templates',
];

/** A file of the project. */
export interface ProjectFile {
  /** From the project's root. */
  readonly path: string;
  readonly text: string;
}

/** The product's own TypeScript, without what is generated. */
export function productFiles(): ProjectFile[] {
  return FOLDERS.flatMap((folder) => filesIn(folder, '.ts')).filter(
    ({ path }) => !path.startsWith('schema/generated/'),
  );
}

/** What people read first: `docs/`, README.md and CONTRIBUTING.md. */
export function documents(): ProjectFile[] {
  return [...filesIn('docs', '.md'), ...['README.md', 'CONTRIBUTING.md'].map(read)];
}

/** The schemas, whose descriptions editors show. */
export function schemas(): ProjectFile[] {
  return filesIn('schema', '.schema.json');
}

/** The texts of the templates. */
export function templates(): ProjectFile[] {
  return filesIn('templates', '.hbs');
}

function filesIn(folder: string, ending: string): ProjectFile[] {
  // Not `git ls-files`: the tests must run in a copy without `.git`.
  const names = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => read(join(folder, name)));
}

function read(path: string): ProjectFile {
  return { path, text: readFileSync(join(ROOT, path), 'utf8') };
}
