import { lstat, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { formatBytes } from '../../common/bytes.js';
import type { PlacedPointer } from '../commit-source.js';
import { lfsObjectPath } from '../lfs.js';
import { runGit, type GitSettings } from '../run-git.js';
import { beyondLimit, RemoteError } from './errors.js';
import type { GitDir } from './git-dir.js';
import type { Store } from './store.js';
import { transfer, type Remote } from './transfer.js';
import type { CacheLog } from './types.js';

/** Where contents of Git LFS files come from and go to. */
export interface LfsPlaces {
  readonly store: Store;
  readonly gitDir: GitDir;
  readonly remote: Remote;
  readonly log: CacheLog | undefined;
}

const IDENTITY: GitSettings = [
  ['user.name', 'kfops'],
  ['user.email', 'kfops@localhost'],
];

/**
 * Brings the contents of these Git LFS files to the store, by `git lfs` where it is installed. What cannot be fetched is
 * left out.
 *
 * @returns what to do about a file that is left out
 * @throws ConfigError beyond the limit of bytes
 */
export async function fetchLfs(places: LfsPlaces, pointers: readonly PlacedPointer[]): Promise<string> {
  const { store, gitDir, remote } = places;
  const wanted = new Map<string, PlacedPointer>();
  for (const pointer of pointers) if (!(await isHere(store, pointer))) wanted.set(pointer.oid, pointer);
  if (wanted.size === 0) return '';
  if (!(await hasGitLfs(gitDir.folder))) return 'install `git-lfs` where the server runs';
  const bytes = [...wanted.values()].reduce((sum, { size }) => sum + size, 0);
  if (bytes > remote.limits.bytes) {
    const message = `the Git LFS files of the contexts have ${formatBytes(bytes)}, and the limit is ${formatBytes(remote.limits.bytes)}`;
    throw beyondLimit(message);
  }
  return download(places, wanted);
}

async function download(places: LfsPlaces, wanted: ReadonlyMap<string, PlacedPointer>): Promise<string> {
  const { store, gitDir, remote, log } = places;
  const storage = join(gitDir.folder, 'lfs');
  // What is in its place there is whole, also after a failure.
  const keep = async (): Promise<void> => {
    for (const { oid } of wanted.values()) await moveToStore(storage, store, oid);
  };
  try {
    const end = await transfer(remote, {
      gitDir: gitDir.folder,
      args: ['lfs', 'fetch', 'origin', await commitOf(gitDir, wanted)],
      settings: lfsSettings(remote.url, storage),
      incoming: storage,
      clear: keep,
    });
    await keep();
    return end === 'done' ? 'push it with `git lfs push`' : 'see whether the remote has it';
  } catch (error) {
    if (!(error instanceof RemoteError)) throw error;
    log?.warn({ url: remote.url.href, err: error }, 'contents of Git LFS files cannot be fetched');
    return `the remote does not give it (${error.problem}): see whether it was pushed with \`git lfs push\``;
  } finally {
    await rm(storage, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Only this remote's own store; no program of anybody's configuration moves the contents. */
function lfsSettings(url: URL, storage: string): GitSettings {
  const base = url.href.endsWith('.git') ? url.href : `${url.href}.git`;
  return [
    ['lfs.url', `${base}/info/lfs`],
    ['remote.origin.lfsurl', `${base}/info/lfs`],
    ['lfs.storage', storage],
    ['lfs.basictransfersonly', 'true'],
    ['lfs.standalonetransferagent', ''],
    ['lfs.locksverify', 'false'],
    ['lfs.fetchinclude', ''],
    ['lfs.fetchexclude', ''],
  ];
}

/** A commit that holds just these pointers, so that `git lfs` neither looks at nor fetches any other. */
async function commitOf(gitDir: GitDir, wanted: ReadonlyMap<string, PlacedPointer>): Promise<string> {
  const lines = [...wanted].map(([oid, { blob }]) => `100644 blob ${blob}\t${oid}\n`);
  const tree = await runGit(gitDir.folder, ['mktree'], { input: lines.join('') });
  const args = ['commit-tree', '-m', 'pointers', tree.stdout.toString('latin1').trim()];
  const { stdout } = await runGit(gitDir.folder, args, { settings: IDENTITY });
  return stdout.toString('latin1').trim();
}

async function isHere(store: Store, { oid, size }: PlacedPointer): Promise<boolean> {
  const there = await lstat(join(store.lfs, lfsObjectPath(oid))).catch(() => undefined);
  return there?.isFile() === true && there.size === size;
}

async function moveToStore(storage: string, store: Store, oid: string): Promise<void> {
  const path = lfsObjectPath(oid);
  const to = join(store.lfs, path);
  await mkdir(dirname(to), { recursive: true });
  await rename(join(storage, 'objects', path), to).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  });
}

/** Asked each time: it may have been installed since. */
async function hasGitLfs(folder: string): Promise<boolean> {
  const { code } = await runGit(folder, ['lfs', 'version'], { allow: [1, 127] });
  return code === 0;
}
