import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';

/** How often a process says that it still uses a folder. */
const BEAT_MS = 30_000;
/** The folder for them, in that of the cache. */
export const OPEN = 'open';
/** Who has not said so for this long was killed. */
const SILENT_MS = 10 * 60_000;

/** In the name of a folder: whose it is. Several machines may share a cache. */
function ownerMark(pid: number): string {
  return `${hostname().replaceAll(/[^A-Za-z0-9-]/g, '_')}.${pid}.`;
}

/**
 * Removes what a process of this machine that was killed has left open: at once, as it may be large.
 *
 * @param cache - the folder of the cache
 */
export async function removeOpensOf(cache: string, pid: number): Promise<void> {
  const folder = join(resolve(cache), OPEN);
  const names = await readdir(folder).catch(() => []);
  const left = names.filter((name) => name.slice(name.lastIndexOf('~') + 1).startsWith(ownerMark(pid)));
  for (const name of left) await rm(join(folder, name), { recursive: true, force: true, maxRetries: 5 });
}

/** The folders of open commits, of all processes that share the cache. */
export class Opens {
  readonly #beats = new Map<string, NodeJS.Timeout>();

  constructor(private readonly folder: string) {}

  /** A new folder for an open commit of this store. */
  async add(store: string): Promise<string> {
    const folder = join(this.folder, `${store}~${ownerMark(process.pid)}${randomUUID()}`);
    await mkdir(folder, { recursive: true });
    const beat = setInterval(() => {
      const now = new Date();
      void utimes(folder, now, now).catch(() => undefined);
    }, BEAT_MS);
    this.#beats.set(folder, beat.unref());
    return folder;
  }

  /** Removes it. */
  async remove(folder: string): Promise<void> {
    clearInterval(this.#beats.get(folder));
    this.#beats.delete(folder);
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /** The stores that somebody uses. What a killed process has left is removed. */
  async inUse(): Promise<Set<string>> {
    const stores = new Set<string>();
    for (const name of await readdir(this.folder).catch(() => [])) {
      const folder = join(this.folder, name);
      const there = await stat(folder).catch(() => undefined);
      if (there === undefined) continue;
      if (this.#beats.has(folder) || Date.now() - there.mtimeMs < SILENT_MS) {
        stores.add(name.slice(0, name.lastIndexOf('~')));
      } else {
        await rm(folder, { recursive: true, force: true, maxRetries: 5 });
      }
    }
    return stores;
  }
}
