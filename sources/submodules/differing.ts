import { isBelow } from '../../generator/contexts/paths.js';
import type { ContextSource, DifferingFile, IdentifiedEntry } from '../../generator/ports.js';
import type { GitInventory } from '../git-inventory.js';
import { inside, pathsInside, type Submodule, type Submodules } from './submodules.js';

/**
 * Which files of submodules are not those of the outer repository's commit: a submodule at another commit than that one
 * records is named itself, as it may lack files, too.
 *
 * @param folders - that the entries were chosen from; `''` is the root
 * @param entries - of the submodules, by their paths in the outer repository
 */
export async function differingInSubmodules<S extends ContextSource>(
  folders: readonly string[],
  entries: readonly IdentifiedEntry[],
  submodules: Submodules<S>,
  git: GitInventory,
): Promise<readonly DifferingFile[]> {
  const found: DifferingFile[] = [];
  for (const submodule of submodules.opened) {
    const { path, source } = submodule;
    const within = pathsInside(folders, path);
    if (within.length === 0) continue;
    if (isElsewhere(submodule, git)) {
      found.push({ path, unseen: !git.changed.includes(path) });
      continue;
    }
    const own = entries.filter((entry) => isBelow(entry.path, path)).map((entry) => inside(entry, submodule));
    const differing = (await source.differing?.(within, own)) ?? [];
    found.push(...differing.map((file) => ({ ...file, path: `${path}/${file.path}` })));
  }
  return found;
}

function isElsewhere({ path, commit, source }: Submodule<ContextSource>, git: GitInventory): boolean {
  return git.staged.has(path) || source.revision.commit !== commit;
}
