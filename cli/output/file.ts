import { randomBytes } from 'node:crypto';
import { constants, createWriteStream, openSync } from 'node:fs';
import { chmod, rename, rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { basename, dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';

import { ConfigError } from '../../schema/diagnostic.js';
import { WorkError } from '../../schema/errors.js';
import { makeFolder } from '../../stores/make-folder.js';
import type { Io } from '../io.js';
import { findTarget, type Target } from './target.js';

/**
 * Writes to a file, or to stdout where its name is `-`. A regular file appears whole or not at all: it is written
 * beside its place and renamed. Symbolic links are followed; a device, FIFO or open descriptor is written into.
 * Missing folders are made.
 *
 * @throws ConfigError when a folder is there
 * @throws WorkError when it cannot be written
 */
export async function writeOutput(io: Io, file: string, content: string | Readable): Promise<void> {
  const stream = typeof content === 'string' ? Readable.from([Buffer.from(content)]) : content;
  if (file === '-') {
    await pipeline(stream, io.stdout, { end: false, signal: io.interrupted });
    return;
  }
  const work = write(io, file, stream);
  io.pending.add(work);
  try {
    await work;
  } finally {
    io.pending.delete(work);
  }
}

async function write(io: Io, name: string, content: Readable): Promise<void> {
  const source = { failed: false };
  content.once('error', () => (source.failed = true));
  try {
    const target = await findTarget(resolve(io.cwd, name), name);
    if (target.kind === 'file') await replaceFile(io, target, content);
    else if (target.kind === 'fifo' || target.kind === 'stream') await writeInto(io, target, content);
    else await pipeline(content, io[target.kind], { end: false, signal: io.interrupted });
  } catch (error) {
    content.destroy();
    if (source.failed || io.interrupted.aborted || error instanceof ConfigError) throw error;
    throw cannotWrite(name, error);
  }
}

async function replaceFile(
  io: Io,
  { path, mode }: Extract<Target, { kind: 'file' }>,
  content: Readable,
): Promise<void> {
  const partial = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.partial`);
  try {
    await makeFolder(dirname(path));
    const file = createWriteStream(partial, { flags: 'wx', ...(mode !== undefined && { mode }) });
    await pipeline(content, file, { signal: io.interrupted });
    // The umask has taken its part when the file was made.
    if (mode !== undefined) await chmod(partial, mode);
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true }).catch(() => undefined);
    throw error;
  }
}

async function writeInto(
  io: Io,
  { kind, path }: Extract<Target, { kind: 'fifo' | 'stream' }>,
  content: Readable,
): Promise<void> {
  // Appended: what is in a file that the shell has open is not ours to remove.
  const stream =
    kind === 'fifo' ? await openFifo(path, io.interrupted) : createWriteStream(path, { flags: 'a' });
  await pipeline(content, stream, { signal: io.interrupted });
}

/** Milliseconds between two looks for a reader. */
const READER_PAUSE = 50;

/** Waits for a reader as `open` does, but so that Ctrl-C ends it: a blocked `open` would hold the process. */
async function openFifo(path: string, signal: AbortSignal): Promise<Socket> {
  for (;;) {
    try {
      const fd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
      return new Socket({ fd, readable: false, writable: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENXIO') throw error;
    }
    await pause(READER_PAUSE, undefined, { signal });
  }
}

/** The error for a file that cannot be written, with the reason in words. */
export function cannotWrite(file: string, cause: unknown): WorkError {
  const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
  const [why, nextStep] = REASONS[code] ?? [code, 'Choose another place for it.'];
  return new WorkError(`cannot write ${file}: ${why}`, nextStep, { cause });
}

const REASONS: Readonly<Record<string, readonly [why: string, nextStep: string]>> = {
  EACCES: ['permission denied', 'Choose a folder in which you may write.'],
  EPERM: ['permission denied', 'Choose a folder in which you may write.'],
  EROFS: ['the file system is read-only', 'Choose a folder in which you may write.'],
  ENOSPC: ['the disk is full', 'Free some space, or choose a folder on another disk.'],
  ENOENT: ['its folder cannot be made', 'Choose another place for it.'],
  EPIPE: ['its reader has gone', 'See why the program that reads it has ended.'],
  EIO: ['the disk reports an error', 'Check the disk.'],
  EDQUOT: ['your quota on this disk is used up', 'Free some space, or choose a folder on another disk.'],
  ELOOP: ['its symbolic links lead in a circle', 'Choose another place for it.'],
  ENOTDIR: ['a part of its path is a file, not a folder', 'Choose another place for it.'],
  EEXIST: ['a part of its path is a file, not a folder', 'Choose another place for it.'],
};
