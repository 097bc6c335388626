import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  open,
  read,
  readlinkSync,
  realpathSync,
  type Stats,
} from 'node:fs';
import { readlink, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { WorkError } from '../schema/errors.js';

/** Links are not followed, and a FIFO put in the file's place does not block. Windows has neither flag, which counts as 0. */
const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

const openFile = promisify(open);

/** A file that was opened; {@link closeSync} its `fd` when done. */
export interface OpenFile {
  readonly fd: number;
  /** In bytes, when it was opened. */
  readonly size: number;
}

/**
 * Opens a regular file below a folder, and no other: not through a symbolic link at any level, even a link that is put
 * there this very moment. On Linux the kernel says where the opened file lies; elsewhere its path is resolved and
 * compared afterwards.
 *
 * @param root - a real path
 * @throws WorkError when the file doesn't exist or isn't what it should be
 */
export async function openInside(root: string, path: string): Promise<OpenFile> {
  const file = join(root, path);
  let fd: number | undefined;
  try {
    fd = await openFile(file, FLAGS);
    // What is asked of an open file is in memory: a trip to another thread would cost more than the answer.
    const stat = fstatSync(fd);
    if (stat.isFile() && isAt(fd, stat, file)) {
      const opened = { fd, size: stat.size };
      fd = undefined;
      return opened;
    }
  } catch (cause) {
    throw unreadable(path, cause);
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
  throw changed(path);
}

function isAt(fd: number, opened: Stats, file: string): boolean {
  if (process.platform === 'linux') {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`) === file;
    } catch (error) {
      // A system without /proc.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  const there = lstatSync(file);
  return realpathSync(file) === file && opened.dev === there.dev && opened.ino === there.ino;
}

const readInto = promisify(read);

/** Reads on until the buffer is full or the file ends. @returns the number of bytes */
export async function readSome({ fd }: OpenFile, buffer: Buffer): Promise<number> {
  // A regular file gives less than it is asked for only at its end.
  const { bytesRead } = await readInto(fd, buffer, 0, buffer.length, null);
  return bytesRead;
}

/**
 * The target of a symbolic link below a folder, as bytes.
 *
 * @param root - a real path
 * @throws WorkError when there is no link, or a folder above it is one
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
    `\`${path}\` changed while it was read`,
    'run it again when nothing writes to the folder',
    { cause },
  );
}

/**
 * The error for what cannot be read.
 *
 * @param path - `''` for the root
 * @param what - comes before the path
 */
export function unreadable(path: string, cause: unknown, what = ''): Error {
  const name = `${what}\`${path || '.'}\``;
  switch ((cause as NodeJS.ErrnoException).code ?? '') {
    case 'EACCES':
    case 'EPERM':
      return new WorkError(
        `${name} cannot be read: permission denied`,
        'give yourself the right to read it',
        { cause },
      );
    case 'EMFILE':
    case 'ENFILE':
      return new WorkError(
        `${name} cannot be read: too many open files`,
        'raise the limit with `ulimit -n`',
        { cause },
      );
    case 'EIO':
      return new WorkError(`${name} cannot be read: the disk reports an error`, 'check the disk', {
        cause,
      });
    default:
      return changed(path || '.', cause);
  }
}
