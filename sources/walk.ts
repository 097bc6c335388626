import { isUtf8 } from 'node:buffer';

import { ancestors, joinPath, sortByPath } from '../generator/contexts/paths.js';
import type { KnownFile } from './known-file.js';
import type { Inventory } from './inventory.js';
import { lookAt, rawEntriesOf } from './file-status.js';
import { withoutOutputs } from './outputs.js';
import { nameProblem } from './tree.js';

/** The files of {@link walk}, sorted, {@link withoutOutputs}. */
export async function walkInputs(
  root: string,
  paths: readonly string[],
  { outputs, inventory }: { readonly outputs: readonly string[]; readonly inventory: () => Inventory },
): Promise<readonly KnownFile[]> {
  return sortByPath(await withoutOutputs(root, await walk(root, paths, inventory()), outputs));
}

/**
 * All files below some paths of a folder that is in no repository, but what is in a `.git`. Links are not followed.
 *
 * @param root - a real path
 * @param inventory - counts files and folders
 */
async function walk(root: string, paths: readonly string[], inventory: Inventory): Promise<KnownFile[]> {
  const found = new Map<string, KnownFile>();
  for (const path of paths) {
    if (path !== '' && [...ancestors(path)].some((above) => paths.includes(above))) continue;
    if (!isPlain(root, path)) continue;
    const there = lookAt(root, path);
    if (there?.isDirectory() === true) await walkFolder(root, path, found, inventory);
    else if (there) found.set(path, { path, untracked: true });
  }
  return [...found.values()];
}

/** Whether all folders above a path are folders, and none a link. */
function isPlain(root: string, path: string): boolean {
  for (const above of ancestors(path)) {
    if (lookAt(root, above)?.isDirectory() !== true) return false;
  }
  return !`/${path}/`.includes('/.git/');
}

async function walkFolder(
  root: string,
  top: string,
  found: Map<string, KnownFile>,
  inventory: Inventory,
): Promise<void> {
  const folders = [top];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for await (const entry of rawEntriesOf(root, folder)) {
      const name = entry.name.toString('utf8');
      const path = joinPath(folder, name);
      inventory.add(1, path.length);
      if (name === '.git') continue;
      const problem = isUtf8(entry.name) ? undefined : nameProblem(path, false);
      if (entry.isDirectory() && !problem) folders.push(path);
      else found.set(path, { path, untracked: true, ...(problem && { problem }) });
    }
  }
}
