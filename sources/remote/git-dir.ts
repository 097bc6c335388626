import { link, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { ObjectFormat } from '../../common/git-blob.js';
import type { Store } from './store.js';

/** What a pack consists of, in the order in which its files must appear: one with an index is taken to be whole. */
const PACK_FILES = ['.pack', '.promisor', '.rev', '.idx'];

const CONFIG = {
  sha1: '[core]\n\trepositoryformatversion = 0\n\tbare = true\n',
  sha256: '[core]\n\trepositoryformatversion = 1\n\tbare = true\n[extensions]\n\tobjectformat = sha256\n',
};

/**
 * The repository of one open commit: it sees the store's objects, and takes in new ones without getting in another's
 * way, in this process or another. What is whole goes to the store; what is not goes away with it.
 *
 * Git knows of the remote only during a transfer: to all other calls an object is there or missing.
 */
export class GitDir {
  readonly objects: string;
  readonly #packs: string;

  constructor(
    readonly folder: string,
    private readonly store: Store,
  ) {
    this.objects = join(folder, 'objects');
    this.#packs = join(this.objects, 'pack');
  }

  /** Makes it, with the commits that the store has, so that the remote sends what is new in the next one. */
  async make(format: ObjectFormat): Promise<void> {
    await mkdir(this.#packs, { recursive: true });
    await mkdir(join(this.objects, 'info'));
    await mkdir(join(this.folder, 'refs'));
    await writeFile(join(this.folder, 'config'), CONFIG[format]);
    await writeFile(join(this.objects, 'info', 'alternates'), `${this.store.objects}\n`);
    await this.know(await this.store.commits());
    await writeFile(join(this.folder, 'HEAD'), 'ref: refs/heads/none\n');
  }

  /** Tells the remote, at the next transfer, that these commits are here. */
  async know(commits: readonly string[]): Promise<void> {
    const refs = commits.map((commit) => `${commit} refs/kept/${commit}\n`);
    await writeFile(join(this.folder, 'packed-refs'), refs.join(''));
    // All are without their parents. An empty file would say that nothing is.
    const shallow = join(this.folder, 'shallow');
    if (commits.length === 0) await rm(shallow, { force: true });
    else await writeFile(shallow, commits.map((commit) => `${commit}\n`).join(''));
  }

  /** Gives what has come in to the store. */
  async keep(): Promise<void> {
    const names = await readdir(this.#packs);
    for (const kind of PACK_FILES) {
      for (const name of names.filter((each) => each.endsWith(kind) && !each.startsWith('tmp_'))) {
        await link(join(this.#packs, name), join(this.store.packs, name)).catch((error: unknown) => {
          if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        });
      }
    }
    await this.clear();
  }

  /** Forgets what has come in. */
  async clear(): Promise<void> {
    const names = await readdir(this.#packs).catch(() => []);
    // An index without its pack would be an error to a git that looks meanwhile.
    names.sort((a, b) => Number(b.endsWith('.idx')) - Number(a.endsWith('.idx')));
    for (const name of names) await rm(join(this.#packs, name), { force: true });
  }
}
