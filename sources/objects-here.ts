import { realpath } from 'node:fs/promises';
import { join } from 'node:path';

import { GitCommitSource, type CommitObjects, type SubmoduleObjects } from './commit-source.js';
import { LFS_PULL } from './lfs.js';
import { listGitlinks, listTree } from './list-tree.js';
import { Listings } from './listings.js';
import { runGit } from './run-git.js';
import { commonGitDir, findCheckedOut, gitDirsOf } from './submodules/checked-out.js';
import { commitMissing } from './submodules/problems.js';
import type { Gitlink, ListedEntry, OpenedSubmodule } from './submodules/types.js';

/** The objects of a commit that are in the repository already; nothing is fetched. */
export class ObjectsHere implements CommitObjects {
  readonly lfsHint = LFS_PULL;
  readonly submodules: SubmoduleObjects;
  readonly #tree: Listings<ListedEntry>;

  constructor(
    private readonly folder: string,
    commit: string,
    files: number,
    /** Those of the repository; asked for where there is a submodule. */
    gitDirs?: readonly string[],
  ) {
    this.submodules = new SubmodulesHere(folder, commit, files, gitDirs);
    this.#tree = new Listings((paths) => listTree(folder, commit, paths, files, { withSizes: true }));
  }

  tree(paths: readonly string[]): Promise<readonly ListedEntry[]> {
    return this.#tree.below(paths);
  }

  async lfs(): Promise<string> {
    return join(await commonGitDir(this.folder), 'lfs', 'objects');
  }
}

/** The submodules that are checked out. Their commits may be others than those that are checked out. */
class SubmodulesHere implements SubmoduleObjects {
  constructor(
    private readonly folder: string,
    private readonly commit: string,
    private readonly files: number,
    private gitDirs?: readonly string[],
  ) {}

  at(paths: readonly string[]): Promise<readonly Gitlink[]> {
    return listGitlinks(this.folder, this.commit, paths);
  }

  async open(link: Gitlink): Promise<OpenedSubmodule<GitCommitSource>> {
    const { path, commit } = link;
    const root = await realpath(this.folder);
    this.gitDirs ??= await gitDirsOf(root);
    const found = await findCheckedOut(root, path, this.gitDirs);
    if (!('folder' in found)) return { problem: found };
    const { folder, gitDirs } = found;
    const { stdout } = await runGit(folder, ['cat-file', '-t', commit], { allow: [128] });
    if (stdout.toString('latin1') !== 'commit\n') return { problem: commitMissing(link) };
    const objects = new ObjectsHere(folder, commit, this.files, gitDirs);
    return { source: new GitCommitSource(folder, commit, '', objects) };
  }
}
