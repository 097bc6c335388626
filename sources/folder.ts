import { lstatSync, type Dirent, type Stats } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';

import { below, joinPath, parentPath, sortByPath } from '../generator/contexts/paths.js';
import type {
  ContextSource,
  DifferingFile,
  FileMode,
  IdentifiedEntry,
  Revision,
  SourceEntry,
  SourceProblem,
} from '../generator/ports.js';
import { WorkError } from '../schema/errors.js';
import type { ObjectFormat } from './blob-id.js';
import { differingPaths } from './compare.js';
import { conflictIn } from './conflict.js';
import { identifyFiles, readFiles, type Place } from './content.js';
import { isInRepository, takeInventory, type GitInventory, type KnownFile } from './git-inventory.js';
import { Inventory, REPOSITORY_FILES } from './inventory.js';
import { LFS_PULL, parsePointer, pointerProblem, POINTER_BYTES, usesLfs } from './lfs.js';
import { entriesOf, lookAt } from './look.js';
import { notCheckedOut } from './not-checked-out.js';
import { outputsInside, withoutOutputs } from './outputs.js';
import { runGit } from './run-git.js';
import { readText } from './text.js';
import { splitNul } from './tree.js';
import { walk } from './walk.js';

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
 * ignores, elsewhere all but `.git`; without what Kfops wrote itself. Symbolic links are never followed.
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
  const git = (await isInRepository(real))
    ? await takeInventory(real, { includeIgnored, outputs }, inventory())
    : undefined;
  return new FolderSource(real, root, git, outputs, inventory);
}

class FolderSource implements ContextSource {
  readonly revision: Revision;
  private readonly format: ObjectFormat;
  private lfs: Promise<boolean> | undefined;

  constructor(
    /** A real path. */
    private readonly root: string,
    name: string,
    private readonly git: GitInventory | undefined,
    /** From the root. */
    private readonly outputs: readonly string[],
    /** A count from the start. */
    private readonly inventory: () => Inventory,
  ) {
    this.format = git?.format ?? 'sha1';
    this.revision = {
      ...(git?.commit !== undefined && { commit: git.commit }),
      dirty: git === undefined || git.changed.length > 0,
      description: `folder ${name}`,
    };
  }

  async list(paths: readonly string[]): Promise<readonly SourceEntry[]> {
    const known = this.git
      ? paths.flatMap((path) => below(this.git?.files ?? [], path))
      : await withoutOutputs(this.root, await walk(this.root, paths, this.inventory()), this.outputs);
    const files = new Map(known.map((file) => [file.path, file]));
    for (const file of await this.specials(paths, files)) files.set(file.path, file);
    const entries: SourceEntry[] = [];
    const folders = new Map<string, boolean>();
    let seen = 0;
    for (const file of files.values()) {
      const entry = this.entryOf(file, folders);
      if (entry) entries.push(entry);
      if (++seen % BATCH === 0) await breathe();
    }
    sortByPath(entries);
    const checked = await this.checkConflicts(entries);
    return (await this.usesLfs()) ? Promise.all(checked.map((entry) => this.checkPointer(entry))) : checked;
  }

  /** Undefined for a file that git knows and that is not there any more. */
  private entryOf(file: KnownFile, folders: Map<string, boolean>): SourceEntry | undefined {
    const { path, untracked, problem } = file;
    const what = problem ? { mode: '100644' as const, size: 0, problem } : this.look(file, folders);
    return what && { path, ...what, ...(untracked && { untracked }) };
  }

  private look(
    { path, indexMode, skipped }: KnownFile,
    folders: Map<string, boolean>,
  ): Pick<SourceEntry, 'mode' | 'size' | 'problem'> | undefined {
    if (indexMode === '160000') return { mode: indexMode, size: 0 };
    const there = this.isFolder(parentPath(path), folders) ? lookAt(this.root, path) : undefined;
    if (there === undefined || there.isDirectory()) {
      if (skipped !== true || !this.git) return undefined;
      const problem = notCheckedOut(this.root, path, this.git.prefix, this.git.sparse);
      return { mode: '100644', size: 0, problem };
    }
    if (there.isSymbolicLink()) return { mode: '120000', size: there.size };
    if (there.isFile()) return { mode: this.modeOf(there, indexMode), size: there.size };
    return { mode: '100644', size: 0, problem: kindProblem(path, there) };
  }

  /** Whether this and every folder above it is a folder, and no link to one. */
  private isFolder(path: string, folders: Map<string, boolean>): boolean {
    if (path === '') return true;
    const before = folders.get(path);
    if (before !== undefined) return before;
    const there = lookAt(this.root, path);
    const is = this.isFolder(parentPath(path), folders) && there?.isDirectory() === true;
    folders.set(path, is);
    return is;
  }

  private modeOf(there: Stats, indexMode: FileMode | undefined): FileMode {
    const trusts = this.git?.trustsModes ?? process.platform !== 'win32';
    if (!trusts) return indexMode === '100755' ? '100755' : '100644';
    return (there.mode & 0o100) === 0 ? '100644' : '100755';
  }

  /** Git lists no FIFOs, sockets and devices, so those beside its files are looked for, unless it ignores them. */
  private async specials(
    paths: readonly string[],
    files: ReadonlyMap<string, KnownFile>,
  ): Promise<KnownFile[]> {
    if (!this.git) return [];
    const folders = new Set([...files.keys()].map(parentPath));
    const plain = new Map<string, boolean>();
    const wanted = (path: string): boolean =>
      paths.some((above) => above === '' || path === above || path.startsWith(`${above}/`));
    const found: string[] = [];
    for (const folder of folders) {
      if (!this.isFolder(folder, plain)) continue;
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

  private async checkConflicts(entries: readonly SourceEntry[]): Promise<readonly SourceEntry[]> {
    const unmerged = new Set(this.git?.files.filter((file) => file.unmerged).map(({ path }) => path));
    if (unmerged.size === 0) return entries;
    return Promise.all(
      entries.map(async (entry) => {
        const problem = unmerged.has(entry.path) ? await conflictIn(this.root, entry.path) : undefined;
        return problem ? { ...entry, problem } : entry;
      }),
    );
  }

  private usesLfs(): Promise<boolean> {
    this.lfs ??= this.readAttributes();
    return this.lfs;
  }

  /** Looks into every .gitattributes of the work tree that is in the folder or above it. */
  private async readAttributes(): Promise<boolean> {
    if (!this.git) return false;
    const top = join(this.root, this.git.toTop);
    const files = this.git.files.filter(
      ({ path, problem }) => !problem && basename(path) === '.gitattributes',
    );
    const inside = files.map(({ path }) => readText(this.root, path));
    const steps = this.git.toTop.split('/').filter((part) => part === '..').length;
    const parts = this.root
      .slice(top.length)
      .split('/')
      .filter((part) => part !== '');
    const above = Array.from({ length: steps }, (_, i) => [...parts.slice(0, i), '.gitattributes'].join('/'));
    const outside = above.map((path) => readText(top.replace(/\/$/, ''), path));
    const texts = await Promise.all([...inside, ...outside].map((text) => text.catch(() => undefined)));
    return texts.some((text) => text !== undefined && usesLfs(text));
  }

  private async checkPointer(entry: SourceEntry): Promise<SourceEntry> {
    if (entry.mode === '120000' || entry.problem || entry.size === 0 || entry.size >= POINTER_BYTES)
      return entry;
    const text = await readText(this.root, entry.path);
    return text !== undefined && parsePointer(Buffer.from(text))
      ? { ...entry, problem: pointerProblem(entry.path, LFS_PULL) }
      : entry;
  }

  async identify(entries: readonly SourceEntry[]): Promise<readonly IdentifiedEntry[]> {
    return identifyFiles(entries, (entry) => this.placeOf(entry), this.format);
  }

  read(entries: readonly IdentifiedEntry[]): ReturnType<ContextSource['read']> {
    return readFiles(entries, (entry) => this.placeOf(entry));
  }

  private placeOf({ path }: SourceEntry): Place {
    return { root: this.root, path };
  }

  async text(path: string): Promise<string | undefined> {
    return readText(this.root, path);
  }

  async differing(
    folders: readonly string[],
    entries: readonly IdentifiedEntry[],
  ): Promise<readonly DifferingFile[]> {
    if (!this.git) return entries.map(({ path }) => ({ path, unseen: false }));
    const parents = new Map<string, boolean>();
    const isThere = (file: KnownFile): boolean => this.look(file, parents) !== undefined;
    const placeOf = (entry: IdentifiedEntry): Place => this.placeOf(entry);
    return differingPaths(
      { folders, entries },
      { git: this.git, isThere, placeOf, usesLfs: await this.usesLfs() },
    );
  }
}

function isSpecial(entry: Dirent): boolean {
  return entry.isFIFO() || entry.isSocket() || entry.isCharacterDevice() || entry.isBlockDevice();
}

function kindProblem(path: string, there: Stats): SourceProblem {
  const kind = there.isFIFO() ? 'a FIFO' : there.isSocket() ? 'a socket' : 'a device';
  const hint =
    'a context has files, folders and symbolic links only: remove it, or leave it out by the `.dockerignore`';
  return { code: 'FILE_KIND', message: `\`${path}\` is ${kind}`, hint };
}
