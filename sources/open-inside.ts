import { constants, readlinkSync } from 'node:fs';
import { lstat, open, readlink, realpath, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { WorkError } from '../schema/errors.js';

/** Links are not followed, and a FIFO put in the file's place does not block. Absent on Windows. */
const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * Opens a regular file below a folder, and no other: not through a symbolic link at any level, even one that is put
 * there this very moment. On Linux the kernel says where the opened file lies; elsewhere its path is resolved and
 * compared afterwards.
 *
 * @param root a real path
 * @throws WorkError when the file is not there (any more) or not what it should be
 */
export async function openInside(root: string, path: string): Promise<FileHandle> {
  const file = join(root, path);
  let handle: FileHandle;
  try {
    handle = await open(file, FLAGS);
  } catch (cause) {
    throw unreadable(path, cause);
  }
  try {
    if ((await isAt(handle, file)) && (await handle.stat()).isFile()) return handle;
  } catch (cause) {
    await handle.close();
    throw unreadable(path, cause);
  }
  await handle.close();
  throw changed(path);
}

async function isAt(handle: FileHandle, file: string): Promise<boolean> {
  if (process.platform === 'linux') {
    try {
      return readlinkSync(`/proc/self/fd/${handle.fd}`) === file;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  const [opened, there, real] = await Promise.all([handle.stat(), lstat(file), realpath(file)]);
  return real === file && opened.dev === there.dev && opened.ino === there.ino;
}

/**
 * The target of a symbolic link below a folder, as bytes.
 *
 * @param root a real path
 * @throws WorkError when there is no link (any more), or a folder above it is one
 */
export async function readLinkInside(root: string, path: string): Promise<Buffer> {
  const file = join(root, path);
  try {
    const target = await readlink(file, { encoding: 'buffer' });
    if ((await realpath(dirname(file))) === dirname(file)) return target;
  } catch (cause) {
    throw unreadable(path, cause);
  }
  throw changed(path);
}

/** A file is no longer what it was. */
export function changed(path: string, cause?: unknown): WorkError {
  return new WorkError(
    `${path} changed while it was read`,
    'run it again when nothing writes to the folder',
    { cause },
  );
}

function unreadable(path: string, cause: unknown): Error {
  const { code } = cause as NodeJS.ErrnoException;
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return new WorkError(
        `${path} cannot be read: permission denied`,
        'give yourself the right to read it',
        { cause },
      );
    case 'EMFILE':
    case 'ENFILE':
      return new WorkError(
        `${path} cannot be read: too many open files`,
        'raise the limit with `ulimit -n`',
        { cause },
      );
    case 'EIO':
      return new WorkError(`${path} cannot be read: the disk reports an error`, 'check the disk', { cause });
    default:
      return changed(path, cause);
  }
}
