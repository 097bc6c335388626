import { sortByPath } from '../generator/contexts/paths.js';
import { Inventory } from './inventory.js';
import { runGit, streamGit } from './run-git.js';
import type { Gitlink, ListedEntry } from './submodules/types.js';
import { NulSplitter, parseTreeLine, splitNul } from './tree.js';

/** More bytes of paths don't fit a command line: everything is listed instead. */
const ARGUMENT_BYTES = 100_000;

/**
 * Lists the files of a commit below some paths: all of it when there are too many paths, or `''`. Folders are listed
 * for git, too, so that a tree of folders without files comes to the limit as well.
 *
 * @param files - how many files and folders there may be
 * @param withSizes - whether the contents are here, so that git knows their sizes
 * @throws ConfigError beyond the limit
 */
export async function listTree(
  folder: string,
  commit: string,
  paths: readonly string[],
  files: number,
  { withSizes = false, signal }: { readonly withSizes?: boolean; readonly signal?: AbortSignal } = {},
): Promise<ListedEntry[]> {
  const fits = !paths.includes('') && paths.reduce((sum, path) => sum + path.length, 0) < ARGUMENT_BYTES;
  const options = ['-r', '-t', '-z', ...(withSizes ? ['-l'] : []), '--full-tree'];
  const args = ['--literal-pathspecs', 'ls-tree', ...options, '--', commit, ...(fits ? paths : [])];
  const inventory = new Inventory(`commit ${commit}`, files);
  const splitter = new NulSplitter();
  const entries: ListedEntry[] = [];
  const addPiece = (piece: Buffer): void => {
    const parts = splitter.push(piece);
    inventory.add(parts.length, piece.length);
    for (const part of parts) {
      const entry = parseTreeLine(part);
      if (entry) entries.push(entry);
    }
  };
  await streamGit(folder, args, addPiece, signal ? { signal } : {});
  return sortByPath(entries);
}

/**
 * The submodules of a commit among some paths.
 *
 * @param paths - from the commit's root
 */
export async function listGitlinks(
  folder: string,
  commit: string,
  paths: readonly string[],
): Promise<readonly Gitlink[]> {
  const links: Gitlink[] = [];
  for (let i = 0; i < paths.length; i += PATHS_AT_ONCE) {
    const some = paths.slice(i, i + PATHS_AT_ONCE);
    const args = ['--literal-pathspecs', 'ls-tree', '-z', '--full-tree', '--', commit, ...some];
    const { stdout } = await runGit(folder, args);
    for (const part of splitNul(stdout)) {
      const entry = parseTreeLine(part);
      if (entry?.commit !== undefined && !entry.problem)
        links.push({ path: entry.path, commit: entry.commit });
    }
  }
  return links;
}

/** A path has at most 4096 bytes where anybody can check it out. */
const PATHS_AT_ONCE = 20;
