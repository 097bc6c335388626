import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a folder and those above it that are missing. Node's own `mkdir` with `recursive` never returns where the
 * system says that a folder is not there although the one above it is, as in /proc.
 *
 * @param folder - absolute
 * @throws NodeJS.ErrnoException when one of them cannot be made
 */
export async function makeFolder(folder: string): Promise<void> {
  const missing: string[] = [];
  for (let at = folder; !(await isFolder(at)) && dirname(at) !== at; at = dirname(at)) missing.unshift(at);
  for (const at of missing) {
    try {
      await mkdir(at);
    } catch (error) {
      // Someone else may have made it meanwhile.
      if (!(await isFolder(at))) throw error;
    }
  }
}

async function isFolder(path: string): Promise<boolean> {
  const there = await stat(path).catch(() => undefined);
  return there?.isDirectory() === true;
}
