import { lstatSync, type Stats } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { setImmediate as breathe } from 'node:timers/promises';

import {
  ancestors,
  belowAny,
  entryAt,
  joinPath,
  parentPath,
  sortByPath,
} from '../generator/contexts/paths.js';
import type {
  ContextSource,
  DifferingFile,
  FileMode,
  IdentifiedEntry,
  ListOptions,
  Revision,
  SourceEntry,
} from '../generator/ports.js';
import { WorkError } from '../schema/errors.js';
import { attributesUseLfs } from './attributes.js';
import type { ObjectFormat } from '../common/git-blob.js';
import { differingPaths } from './compare.js';
import { conflictIn } from './conflict.js';
import { identifyFiles, readFiles, type ContentLocation } from './content.js';
import { isInRepository, takeInventory, type GitInventory } from './git-inventory.js';
import { Inventory, REPOSITORY_FILES } from './inventory.js';
import { commitOf, type KnownFile } from './known-file.js';
import { Listings } from './listings.js';
import { LFS_PULL, parsePointer, pointerProblem, POINTER_BYTES } from './lfs.js';
import { entriesOf, isSpecial, kindProblem, lookAt } from './file-status.js';
import { notCheckedOut } from './not-checked-out.js';
import { outputsInside } from './outputs.js';
import { runGit } from './run-git.js';
import { findCheckedOut, gitDirsOf } from './submodules/checked-out.js';
import { differingInSubmodules } from './submodules/differing.js';
import { Submodules } from './submodules/submodules.js';
import type { Gitlink, ListedEntry, OpenedSubmodule } from './submodules/types.js';
import { readText } from './text.js';
import { splitNul } from './tree.js';
import { walkInputs } from './walk.js';

/** How a folder is read. */
export interface FolderOptions {
  /** Also what git ignores. Default: no. */
  readonly includeIgnored?: boolean;
  /** Files that this run writes: what an earlier run wrote there is not read, unless git tracks it. */
  readonly outputs?: readonly string[];
  /** How many files and folders may be listed. Default: 300,000. */
  readonly files?: number;
}

/** How many files are looked at before other work gets a turn. */
const BATCH = 2000;

/**
 * The files of a folder on disk: in a git work tree those that git tracks and those that it neither tracks nor
 * ignores, elsewhere all but `.git`; without what Kfops wrote itself. Submodules are read the same way, as they are on
 * disk. Symbolic links are never followed.
 *
 * @throws WorkError when the folder is not there, or git is needed and does not answer
 */
export async function folderSource(root: string, options: FolderOptions = {}): Promise<ContextSource> {
  let real: string;
  try {
    real = await realpath(root);
    if (!lstatSync(real).isDirectory()) throw new Error('not a folder');
  } catch (cause) {
    throw new WorkError(`there is no folder ${root}`, 'name the folder of the repository', { cause });
  }
  const inventory = (): Inventory => new Inventory(`the folder ${root}`, options.files ?? REPOSITORY_FILES);
  const outputs = await outputsInside(real, options.outputs ?? []);
  const { includeIgnored = false } = options;
  const counted = inventory();
  const git = (await isInRepository(real))
    ? await takeInventory(real, { includeIgnored, outputs }, counted)
    : undefined;
  return new FolderSource(real, root, git, { outputs, inventory, counted, includeIgnored });
}

/** How a folder and its submodules are read. */
interface Reading {
  /** What this run writes, from the root. */
  readonly outputs: readonly string[];
  /** A count from the start. */
  readonly inventory: () => Inventory;
  /** The count of what git lists, submodules included. */
  readonly counted: Inventory;
  readonly includeIgnored: boolean;
}

class FolderSource implements ContextSource {
  readonly revision: Revision;
  readonly #format: ObjectFormat;
  #lfs: Promise<boolean> | undefined;
  /** Outside of git. */
  readonly #walked = new Listings((paths) => walkInputs(this.root, paths, this.reading));
  readonly #submodules = new Submodules((link) => this.#openSubmodule(link));

  constructor(
    /** A real path. */
    private readonly root: string,
    name: string,
    private readonly git: GitInventory | undefined,
    private readonly reading: Reading,
    /** Those of the repository; asked for where there is a submodule. */
    private gitDirs?: readonly string[],
  ) {
    this.#format = git?.format ?? 'sha1';
    this.revision = {
      ...(git?.commit !== undefined && { commit: git.commit }),
      dirty: git === undefined || git.changed.length > 0,
      description: `folder ${name}`,
    };
  }

  async list(paths: readonly string[], options: ListOptions = {}): Promise<readonly SourceEntry[]> {
    const entries = await this.#listOwn(paths, options.only);
    if (options.submodules !== true) return entries;
    return this.#submodules.expand(paths, entries, this.#linksAbove(paths));
  }

  #linksAbove(paths: readonly string[]): readonly Gitlink[] {
    return [...new Set(paths.flatMap((path) => [...ancestors(path)]))].flatMap((folder): Gitlink[] => {
      const file = entryAt(this.git?.files ?? [], folder);
      const commit = file && !file.problem ? commitOf(file) : undefined;
      return commit === undefined ? [] : [{ path: folder, commit }];
    });
  }

  async #openSubmodule({ path }: Gitlink): Promise<OpenedSubmodule<FolderSource>> {
    this.gitDirs ??= await gitDirsOf(this.root);
    const found = await findCheckedOut(this.root, path, this.gitDirs);
    if (!('folder' in found)) return { problem: found };
    const { folder, gitDirs } = found;
    const { includeIgnored, counted } = this.reading;
    const outputs = this.reading.outputs.flatMap((output) =>
      output.startsWith(`${path}/`) ? [output.slice(path.length + 1)] : [],
    );
    const git = await takeInventory(folder, { includeIgnored, outputs }, counted);
    return { source: new FolderSource(folder, folder, git, { ...this.reading, outputs }, gitDirs) };
  }

  async #listOwn(
    paths: readonly string[],
    only: (path: string) => boolean = () => true,
  ): Promise<readonly ListedEntry[]> {
    const known = this.git ? belowAny(this.git.files, paths) : await this.#walked.below(paths);
    const files = new Map(known.map((file) => [file.path, file]));
    for (const file of await this.#specials(paths, files)) files.set(file.path, file);
    const entries: ListedEntry[] = [];
    const folders = new Map<string, boolean>();
    let seen = 0;
    for (const file of files.values()) {
      if (!only(file.path)) continue;
      const entry = this.#entryOf(file, folders);
      if (entry) entries.push(entry);
      if (++seen % BATCH === 0) await breathe();
    }
    sortByPath(entries);
    const checked = await this.#checkConflicts(entries);
    return (await this.#usesLfs()) ? Promise.all(checked.map((entry) => this.#checkPointer(entry))) : checked;
  }

  /** Undefined for a file that git knows and that no longer exists. */
  #entryOf(file: KnownFile, folders: Map<string, boolean>): ListedEntry | undefined {
    const { path, untracked, problem, indexMode } = file;
    const mode: FileMode = indexMode === '160000' ? indexMode : '100644';
    const what = problem ? { mode, size: 0, problem } : this.#inspect(file, folders);
    const commit = commitOf(file);
    return (
      what && { path, ...what, ...(untracked && { untracked }), ...(commit !== undefined && { commit }) }
    );
  }

  #inspect(
    { path, indexMode, skipped }: KnownFile,
    folders: Map<string, boolean>,
  ): Pick<SourceEntry, 'mode' | 'size' | 'problem'> | undefined {
    const there = this.#isFolder(parentPath(path), folders) ? lookAt(this.root, path) : undefined;
    if (indexMode === '160000' && (there !== undefined || skipped !== true))
      return { mode: indexMode, size: 0 };
    if (there === undefined || there.isDirectory()) {
      if (skipped !== true || !this.git) return undefined;
      const problem = notCheckedOut(this.root, path, this.git.prefix, this.git.sparse);
      return { mode: '100644', size: 0, problem };
    }
    if (there.isSymbolicLink()) return { mode: '120000', size: there.size };
    if (there.isFile()) return { mode: this.#modeOf(there, indexMode), size: there.size };
    return { mode: '100644', size: 0, problem: kindProblem(path, there) };
  }

  /** Whether this and every folder above it is a folder, and no link to one. */
  #isFolder(path: string, folders: Map<string, boolean>): boolean {
    if (path === '') return true;
    const before = folders.get(path);
    if (before !== undefined) return before;
    const there = lookAt(this.root, path);
    const is = this.#isFolder(parentPath(path), folders) && there?.isDirectory() === true;
    folders.set(path, is);
    return is;
  }

  #modeOf(there: Stats, indexMode: FileMode | undefined): FileMode {
    const trusts = this.git?.trustsModes ?? process.platform !== 'win32';
    if (!trusts) return indexMode === '100755' ? '100755' : '100644';
    return (there.mode & 0o100) === 0 ? '100644' : '100755';
  }

  /** Git lists no FIFOs, sockets and devices, so they are searched among its files, unless it ignores them. */
  async #specials(paths: readonly string[], files: ReadonlyMap<string, KnownFile>): Promise<KnownFile[]> {
    if (!this.git) return [];
    const folders = new Set([...files.keys()].map(parentPath));
    const plain = new Map<string, boolean>();
    const wanted = (path: string): boolean =>
      paths.some((above) => above === '' || path === above || path.startsWith(`${above}/`));
    const found: string[] = [];
    for (const folder of folders) {
      if (!this.#isFolder(folder, plain)) continue;
      for (const entry of entriesOf(this.root, folder)) {
        const path = joinPath(folder, entry.name);
        if (isSpecial(entry) && wanted(path)) found.push(path);
      }
    }
    if (found.length === 0) return [];
    // Without `./` a name that begins with `:` would be taken for a pattern.
    const input = found.map((path) => `./${path}\0`).join('');
    const { stdout } = await runGit(this.root, ['check-ignore', '-z', '--stdin'], { input, allow: [1] });
    const ignored = new Set(splitNul(stdout).map(({ text }) => text));
    return found.filter((path) => !ignored.has(`./${path}`)).map((path) => ({ path, untracked: true }));
  }

  async #checkConflicts(entries: readonly ListedEntry[]): Promise<readonly ListedEntry[]> {
    const unmerged = new Set(this.git?.files.filter((file) => file.unmerged).map(({ path }) => path));
    if (unmerged.size === 0) return entries;
    return Promise.all(
      entries.map(async (entry) => {
        const problem = unmerged.has(entry.path) ? await conflictIn(this.root, entry.path) : undefined;
        return problem ? { ...entry, problem } : entry;
      }),
    );
  }

  #usesLfs(): Promise<boolean> {
    this.#lfs ??= this.git ? attributesUseLfs(this.root, this.git) : Promise.resolve(false);
    return this.#lfs;
  }

  async #checkPointer(entry: ListedEntry): Promise<ListedEntry> {
    if (entry.mode === '120000' || entry.problem || entry.size === 0 || entry.size >= POINTER_BYTES)
      return entry;
    const text = await readText(this.root, entry.path);
    return text !== undefined && parsePointer(Buffer.from(text))
      ? { ...entry, problem: pointerProblem(entry.path, LFS_PULL) }
      : entry;
  }

  async identify(entries: readonly SourceEntry[]): Promise<readonly IdentifiedEntry[]> {
    return identifyFiles(entries, (entry) => this.#placeOf(entry), this.#format);
  }

  read(entries: readonly IdentifiedEntry[]): ReturnType<ContextSource['read']> {
    return readFiles(entries, (entry) => this.#placeOf(entry));
  }

  #placeOf({ path }: SourceEntry): ContentLocation {
    return { root: this.root, path };
  }

  async text(path: string): Promise<string | undefined> {
    return readText(this.root, path);
  }

  async differing(
    folders: readonly string[],
    entries: readonly IdentifiedEntry[],
  ): Promise<readonly DifferingFile[]> {
    const { git } = this;
    const submodules = this.#submodules;
    if (!git) return entries.map(({ path }) => ({ path, unseen: false }));
    const parents = new Map<string, boolean>();
    const isThere = (file: KnownFile): boolean => this.#inspect(file, parents) !== undefined;
    const placeOf = (entry: IdentifiedEntry): ContentLocation => this.#placeOf(entry);
    const own = entries.filter(({ path }) => submodules.ownerOf(path) === undefined);
    const tree = { git, isThere, placeOf, usesLfs: await this.#usesLfs() };
    return [
      ...(await differingPaths({ folders, entries: own }, tree)),
      ...(await differingInSubmodules(folders, entries, submodules, git)),
    ];
  }
}
