import { createHash } from 'node:crypto';

import { below, entryAt } from '../generator/contexts/paths.js';
import type { DifferingFile, IdentifiedEntry } from '../generator/ports.js';
import { blobId } from '../common/git-blob.js';
import { readFiles, type ContentLocation } from './content.js';
import type { GitInventory } from './git-inventory.js';
import type { KnownFile } from './known-file.js';

/** What {@link differingPaths} looks at. */
export interface Delivery {
  /** All that the entries were chosen from; `''` is the root. */
  readonly folders: readonly string[];
  readonly entries: readonly IdentifiedEntry[];
}

/** How a work tree is looked at. */
export interface WorkTree {
  readonly git: GitInventory;
  /** Whether a file that git tracks exists, or its absence is reported elsewhere. */
  readonly isThere: (file: KnownFile) => boolean;
  readonly placeOf: (entry: IdentifiedEntry) => ContentLocation;
  readonly usesLfs: boolean;
}

/**
 * Which files are not those of the commit: by their bytes and modes, since git can be told not to look
 * (`--skip-worktree`, `--assume-unchanged`), and calls a file unchanged that it would convert (`eol=crlf`, filters).
 * The index is used for the commit, as `git status` names every path where the two differ.
 */
export async function differingPaths(
  { folders, entries }: Delivery,
  { git, isThere, placeOf, usesLfs }: WorkTree,
): Promise<readonly DifferingFile[]> {
  const differing = new Set<string>();
  const delivered = new Set(entries.map(({ path }) => path));
  for (const entry of entries) {
    const file = entryAt(git.files, entry.path);
    const same =
      file?.blob !== undefined &&
      !git.staged.has(entry.path) &&
      file.indexMode === entry.mode &&
      (file.blob === entry.blob || (usesLfs && file.blob === (await pointerId(entry, placeOf(entry), git))));
    if (!same) differing.add(entry.path);
  }
  for (const folder of folders) {
    for (const file of below(git.files, folder)) {
      const isSubmodule = file.indexMode === '160000';
      const isMissing = isSubmodule ? git.staged.has(file.path) : !delivered.has(file.path) && !isThere(file);
      if (file.blob !== undefined && isMissing) differing.add(file.path);
    }
    for (const path of git.staged) {
      // Removed from the index, so that it is in no list.
      const isListed = entryAt(git.files, path) !== undefined;
      if (!isListed && (folder === '' || path.startsWith(`${folder}/`))) differing.add(path);
    }
  }
  if (differing.size === 0) return [];
  const seen = new Set(git.changed);
  return [...differing].map((path) => ({ path, unseen: !seen.has(path) }));
}

/** The id of the Git LFS pointer that the commit has for this content. */
async function pointerId(
  entry: IdentifiedEntry,
  place: ContentLocation,
  { format }: GitInventory,
): Promise<string> {
  const hash = createHash('sha256');
  for await (const { content } of readFiles([entry], () => place)) {
    for await (const chunk of content) hash.update(chunk as Buffer);
  }
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${hash.digest('hex')}\nsize ${entry.size}\n`;
  return blobId(format, Buffer.from(pointer));
}
