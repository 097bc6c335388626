import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

import { NODE_CACHE } from './cache-folder.js';
import { skipWithout } from './missing.js';

/**
 * The `argo` command: `KFOPS_TEST_ARGO`, one of the PATH, or the one that test/cluster built. Skips the test without
 * one.
 */
export function argoBinary(context: Mocha.Context): string {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...builtFolders()];
  const places = [process.env.KFOPS_TEST_ARGO, ...folders.map((folder) => join(folder, 'argo'))];
  const found = places.find((place) => place !== undefined && existsSync(place));
  if (found !== undefined) return found;
  return skipWithout(context, 'the argo command', 'install it, or run test/cluster/node.sh prepare');
}

function builtFolders(): string[] {
  if (!existsSync(NODE_CACHE)) return [];
  return readdirSync(NODE_CACHE).flatMap((name) =>
    name.startsWith('argo-') ? [join(NODE_CACHE, name)] : [],
  );
}
