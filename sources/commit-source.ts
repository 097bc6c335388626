import { lstat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Readable } from 'node:stream';

import { ancestors, belowAny, entryAt, hasBelow } from '../generator/contexts/paths.js';
import type {
  ContextSource,
  IdentifiedEntry,
  ListOptions,
  Revision,
  SourceEntry,
} from '../generator/ports.js';
import { formatOf } from '../common/git-blob.js';
import { readBlobs } from './cat-file.js';
import { identifyFiles, readFiles, type ContentLocation } from './content.js';
import {
  lfsObjectPath,
  parsePointer,
  pointerProblem,
  POINTER_BYTES,
  usesLfs,
  type LfsPointer,
} from './lfs.js';
import { inside, Submodules } from './submodules/submodules.js';
import type { Gitlink, ListedEntry, OpenedSubmodule } from './submodules/types.js';
import { checkText, TEXT_BYTES } from './text.js';

const ATTRIBUTES = '.gitattributes';

/** A Git LFS pointer, and the file that it replaces. */
export interface PlacedPointer extends LfsPointer {
  /** From the commit's root. */
  readonly path: string;
  /** The pointer's own id. */
  readonly blob: string;
}

/** How the objects of a commit are come by. */
export interface CommitObjects {
  /**
   * The files below these folders (or with these paths), and perhaps others, by path from the commit's root; sorted.
   * Their contents can be read from the repository afterwards, if `isWanted` accepts their path.
   */
  tree(paths: readonly string[], isWanted: (path: string) => boolean): Promise<readonly ListedEntry[]>;
  /** @returns the real path of the folder with the contents of Git LFS files, of these as far as they can be fetched */
  lfs(pointers: readonly PlacedPointer[]): Promise<string>;
  /** What to do about a Git LFS file whose content is not there. */
  readonly lfsHint: string;
  /** Absent where submodules can't be read; the tree has a `problem` for each then. */
  readonly submodules?: SubmoduleObjects;
}

/** How the objects of a commit's submodules are come by. */
export interface SubmoduleObjects {
  /** The submodules among some paths from the commit's root. */
  at(paths: readonly string[]): Promise<readonly Gitlink[]>;
  /** @param link - by its path from the source's root */
  open(link: Gitlink): Promise<OpenedSubmodule<GitCommitSource>>;
}

/** The files of a commit, read from git's objects. */
export class GitCommitSource implements ContextSource {
  readonly revision: Revision;
  /** Content of Git LFS files, by path. */
  readonly #lfs = new Map<string, ContentLocation>();
  readonly #attributes = new Map<string, Promise<boolean>>();
  #texts: { blob: string; resolve: (text: string) => void; reject: (error: unknown) => void }[] = [];
  #listed: readonly SourceEntry[] = [];
  readonly #submodules: Submodules<GitCommitSource>;

  constructor(
    private readonly folder: string,
    private readonly commit: string,
    /** The path from the commit's root to the source's, with `/` at its end; or empty. */
    private readonly prefix: string,
    private readonly objects: CommitObjects,
  ) {
    this.revision = { commit, dirty: false, description: `commit ${commit.slice(0, 12)}` };
    this.#submodules = new Submodules((link) => {
      if (!objects.submodules) throw new Error(`no submodule of ${commit} can be opened`);
      return objects.submodules.open(link);
    });
  }

  async list(paths: readonly string[], options: ListOptions = {}): Promise<readonly SourceEntry[]> {
    const entries = await this.#listOwn(paths, options.only);
    if (options.submodules !== true || !this.objects.submodules) return entries;
    const absent = paths.filter((path) => !hasBelow(entries, path) && !entryAt(entries, path));
    const folders = new Set(absent.flatMap((path) => [...ancestors(path)]));
    const above = await this.objects.submodules.at([...folders].map((folder) => this.prefix + folder));
    return this.#submodules.expand(
      paths,
      entries,
      above.map((link) => this.#fromRoot(link)),
    );
  }

  async #listOwn(
    paths: readonly string[],
    only: (path: string) => boolean = () => true,
  ): Promise<readonly ListedEntry[]> {
    if (paths.length === 0) return [];
    const wanted = paths.map((path) => (this.prefix + path).replace(/\/$/, ''));
    const attributes = new Set([ATTRIBUTES]);
    for (const path of wanted)
      for (const above of [path, ...ancestors(path)]) attributes.add(`${above}/${ATTRIBUTES}`);
    const tree = await this.objects.tree(
      [...wanted, ...attributes],
      (path) => basename(path) === ATTRIBUTES || only(path.slice(this.prefix.length)),
    );
    const found = belowAny(tree, wanted)
      .map((entry) => this.#fromRoot(entry))
      .filter(({ path }) => only(path));
    const entries = (await this.#hasLfs(tree)) ? await this.#withLfs(found) : found;
    this.#listed = entries;
    return entries;
  }

  #fromRoot<E extends { readonly path: string }>(entry: E): E {
    return this.prefix === '' ? entry : { ...entry, path: entry.path.slice(this.prefix.length) };
  }

  /** Whether any .gitattributes of the listed tree, or above it, gives files to Git LFS. */
  async #hasLfs(tree: readonly SourceEntry[]): Promise<boolean> {
    const files = tree.filter(
      ({ path, mode, size }) => mode.startsWith('100') && size <= TEXT_BYTES && basename(path) === ATTRIBUTES,
    );
    const key = files.map(({ blob }) => blob).join();
    const answer = this.#attributes.get(key) ?? this.#readAttributes(files);
    this.#attributes.set(key, answer);
    return answer;
  }

  async #readAttributes(files: readonly SourceEntry[]): Promise<boolean> {
    // The same file may be in every folder.
    const blobs = new Set(files.map(({ blob }) => blob ?? ''));
    for await (const content of readBlobs(this.folder, [...blobs])) {
      if (usesLfs((await bytesOf(content)).toString('utf8'))) return true;
    }
    return false;
  }

  /** Replaces pointers by the contents that Git LFS has. */
  async #withLfs(entries: readonly ListedEntry[]): Promise<readonly ListedEntry[]> {
    const small = entries.filter(
      ({ mode, size }) => mode.startsWith('100') && size > 0 && size < POINTER_BYTES,
    );
    const pointers = new Map<SourceEntry, PlacedPointer>();
    let i = 0;
    for await (const content of readBlobs(
      this.folder,
      small.map(({ blob }) => blob ?? ''),
    )) {
      const entry = small[i++];
      const pointer = parsePointer(await bytesOf(content));
      if (entry && pointer)
        pointers.set(entry, { ...pointer, path: this.prefix + entry.path, blob: entry.blob ?? '' });
    }
    if (pointers.size === 0) return entries;
    const root = await this.objects.lfs([...pointers.values()]);
    const replaced = new Map<string, ListedEntry>();
    for (const [entry, { oid, size }] of pointers) {
      const { path, mode } = entry;
      const place = { root, path: lfsObjectPath(oid) };
      const there = await lstat(join(root, place.path)).catch(() => undefined);
      if (there?.isFile() === true && there.size === size) {
        this.#lfs.set(path, place);
        replaced.set(path, { path, mode, size });
      } else {
        replaced.set(path, { ...entry, problem: pointerProblem(path, this.objects.lfsHint) });
      }
    }
    return entries.map((entry) => replaced.get(entry.path) ?? entry);
  }

  async identify(entries: readonly SourceEntry[]): Promise<readonly IdentifiedEntry[]> {
    const identified: (readonly IdentifiedEntry[])[] = [];
    for (const { submodule, entries: run } of this.#submodules.runs(entries)) {
      if (!submodule) {
        identified.push(await this.#identifyOwn(run));
        continue;
      }
      const found = await submodule.source.identify(run.map((entry) => inside(entry, submodule)));
      identified.push(found.map((entry) => ({ ...entry, path: `${submodule.path}/${entry.path}` })));
    }
    return identified.flat();
  }

  async #identifyOwn(entries: readonly SourceEntry[]): Promise<readonly IdentifiedEntry[]> {
    const unknown = entries.filter(({ blob }) => blob === undefined);
    const files = await identifyFiles(unknown, (entry) => this.#placeOf(entry), formatOf(this.commit));
    let next = 0;
    return entries.flatMap((entry) => (isIdentified(entry) ? entry : (files[next++] ?? [])));
  }

  #placeOf({ path }: SourceEntry): ContentLocation {
    const place = this.#lfs.get(path);
    if (!place) throw new Error(`${path} was not listed by this source`);
    return place;
  }

  async *read(
    entries: readonly IdentifiedEntry[],
  ): AsyncGenerator<{ entry: IdentifiedEntry; content: Readable }> {
    for (const { submodule, entries: run } of this.#submodules.runs(entries)) {
      if (!submodule) {
        yield* this.#readOwn(run);
        continue;
      }
      let next = 0;
      for await (const { content } of submodule.source.read(run.map((entry) => inside(entry, submodule)))) {
        const entry = run[next++];
        if (entry) yield { entry, content };
      }
    }
  }

  async *#readOwn(
    entries: readonly IdentifiedEntry[],
  ): AsyncGenerator<{ entry: IdentifiedEntry; content: Readable }> {
    const inGit = entries.filter(({ path }) => !this.#lfs.has(path));
    const blobs = readBlobs(
      this.folder,
      inGit.map(({ blob }) => blob),
    );
    try {
      for (const entry of entries) {
        if (this.#lfs.has(entry.path)) {
          yield* readFiles([entry], (each) => this.#placeOf(each));
        } else {
          const next = await blobs.next();
          if (next.done !== true) yield { entry, content: next.value };
        }
      }
    } finally {
      await blobs.return(undefined);
    }
  }

  async text(path: string): Promise<string | undefined> {
    const submodule = this.#submodules.ownerOf(path);
    if (submodule) return submodule.source.text(path.slice(submodule.path.length + 1));
    const entry = entryAt(this.#listed, path) ?? entryAt(await this.list([path]), path);
    if (!entry || entry.mode === '160000') return undefined;
    checkText(path, entry);
    const { blob } = entry;
    if (blob !== undefined) return this.#textOf(blob);
    const [identified] = await this.identify([entry]);
    for await (const { content } of this.read(identified ? [identified] : [])) {
      return (await bytesOf(content)).toString('utf8');
    }
    return undefined;
  }

  /** The texts that are asked for at the same time come through one process. */
  #textOf(blob: string): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#texts.push({ blob, resolve, reject });
      if (this.#texts.length === 1) setImmediate(() => void this.#readTexts());
    });
  }

  async #readTexts(): Promise<void> {
    const asked = this.#texts;
    this.#texts = [];
    let i = 0;
    try {
      for await (const content of readBlobs(
        this.folder,
        asked.map(({ blob }) => blob),
      )) {
        const text = (await bytesOf(content)).toString('utf8');
        asked[i++]?.resolve(text);
      }
    } catch (error) {
      for (const { reject } of asked.slice(i)) reject(error);
    }
  }
}

function isIdentified(entry: SourceEntry): entry is IdentifiedEntry {
  return entry.blob !== undefined;
}

async function bytesOf(content: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of content) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
