import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** How many commits the remote gets to know. */
const KNOWN = 8;
/** Git looks into every pack: with more than this it's faster to fetch the repository again. */
export const MOST_PACKS = 400;

/** The end of the name of what is being removed. */
export const REMOVED = '~removed';

/** What is kept of one repository: packs of objects, contents of Git LFS files, and which commits are there. */
export class Store {
  readonly objects: string;
  readonly packs: string;
  /** Contents of Git LFS files, as `git lfs` lays them out. */
  readonly lfs: string;
  readonly #marks: string;
  #inode = 0n;

  constructor(readonly folder: string) {
    this.objects = join(folder, 'objects');
    this.packs = join(this.objects, 'pack');
    this.lfs = join(folder, 'lfs', 'objects');
    this.#marks = join(folder, 'commits');
  }

  /** Makes it where it is not there. */
  async enter(): Promise<void> {
    for (const folder of [this.packs, this.lfs, this.#marks]) await mkdir(folder, { recursive: true });
    this.#inode = await inodeOf(this.folder);
    await this.touch();
  }

  /** Says that it was used now. */
  async touch(): Promise<void> {
    const now = new Date();
    await utimes(this.folder, now, now).catch(() => undefined);
  }

  /** The commits that are here with all of their folders, those of late first. */
  async commits(): Promise<string[]> {
    const names = await readdir(this.#marks);
    const times = await Promise.all(
      names.map(async (name) => {
        const there = await stat(join(this.#marks, name)).catch(() => undefined);
        return { name, time: there?.mtimeMs ?? 0 };
      }),
    );
    const latest = times.sort((a, b) => b.time - a.time).slice(0, KNOWN);
    return latest.map(({ name }) => name).filter((name) => /^[0-9a-f]+$/.test(name));
  }

  /** Whether a commit is here with all of its folders. */
  async has(commit: string): Promise<boolean> {
    return (await stat(join(this.#marks, commit)).catch(() => undefined)) !== undefined;
  }

  /** Notes that a commit is here with all of its folders. */
  async note(commit: string): Promise<void> {
    await writeFile(join(this.#marks, commit), '');
  }

  /** Whether there is anything in it. */
  async isUsed(): Promise<boolean> {
    return (await readdir(this.packs).catch(() => [])).length > 0;
  }

  /** Removes it, unless it was created again after it was entered. */
  async drop(): Promise<void> {
    if ((await inodeOf(this.folder).catch(() => undefined)) === this.#inode) await removeWhole(this.folder);
  }
}

async function inodeOf(folder: string): Promise<bigint> {
  return (await stat(folder, { bigint: true })).ino;
}

/** Removes a folder so that nobody ever sees a part of it under its name. */
export async function removeWhole(folder: string): Promise<void> {
  const aside = `${folder}~${randomUUID()}${REMOVED}`;
  try {
    await rename(folder, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  await rm(aside, { recursive: true, force: true, maxRetries: 5 });
}
