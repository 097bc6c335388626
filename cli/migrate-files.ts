import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import type { MigratedFile } from '../generator/migrate/migrate.js';
import { WorkError } from '../schema/errors.js';
import type { Io } from './io.js';
import { writeOutput } from './output/file.js';

/**
 * Writes changed files, each whole or not at all. Nothing is written where one of them isn't what was read.
 *
 * @param dir - the repository's root, as the user wrote it
 * @throws WorkError where a file has changed, isn't UTF-8, is read-only, or can't be written
 */
export async function writeMigration(io: Io, dir: string, files: readonly MigratedFile[]): Promise<void> {
  const changed = files.filter(({ before, after }) => before !== after);
  for (const file of changed) await checkWritable(resolve(io.cwd, dir), file);
  for (const { path, after } of changed) await writeOutput(io, join(dir, path), after);
}

async function checkWritable(root: string, { path, before }: MigratedFile): Promise<void> {
  const file = join(root, path);
  const isSame = (await readFile(file)).equals(Buffer.from(before));
  if (!isSame)
    throw new WorkError(
      `${path} changed while it was read, or is not UTF-8. Nothing was written`,
      'Save the file as UTF-8, then run the command again.',
    );
  // A file is replaced by a new one, which works for a read-only file, too; but its owner doesn't want that.
  if (((await stat(file)).mode & 0o222) === 0)
    throw new WorkError(
      `${path} is read-only. Nothing was written`,
      `Allow writing it: \`chmod u+w ${path}\`.`,
    );
}
