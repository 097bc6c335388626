import { basename, join } from 'node:path';

import type { GitInventory } from './git-inventory.js';
import { usesLfs } from './lfs.js';
import { readText } from './text.js';

/**
 * Whether any .gitattributes of the work tree that is in a folder or above it gives files to Git LFS.
 *
 * @param root - a real path
 */
export async function attributesUseLfs(root: string, git: GitInventory): Promise<boolean> {
  const top = join(root, git.toTop);
  const files = git.files.filter(({ path, problem }) => !problem && basename(path) === '.gitattributes');
  const inside = files.map(({ path }) => readText(root, path));
  const steps = git.toTop.split('/').filter((part) => part === '..').length;
  const parts = root
    .slice(top.length)
    .split('/')
    .filter((part) => part !== '');
  const above = Array.from({ length: steps }, (_, i) => [...parts.slice(0, i), '.gitattributes'].join('/'));
  const outside = above.map((path) => readText(top.replace(/\/$/, ''), path));
  const texts = await Promise.all([...inside, ...outside].map((text) => text.catch(() => undefined)));
  return texts.some((text) => text !== undefined && usesLfs(text));
}
