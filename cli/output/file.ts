import { randomBytes } from 'node:crypto';
import { constants, createWriteStream, openSync } from 'node:fs';
import { chmod, rename, rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';

import { ConfigError } from '../../schema/diagnostic.js';
import { WorkError } from '../../schema/errors.js';
import { diskProblem } from '../../stores/disk-errors.js';
import { makeFolder } from '../../stores/make-folder.js';
import type { Io } from '../io.js';
import { findTarget, type Target } from './target.js';

/**
 * Writes to a file, or to stdout where its name is `-`. A regular file appears whole or not at all: it is written
 * next to its place and renamed. Symbolic links are followed; a device, FIFO or open descriptor is written into.
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
  // A pipeline destroys all its streams with the error of the failed one: only the first error tells which.
  let failed: 'reading' | 'writing' | undefined;
  content.once('error', () => (failed ??= 'reading'));
  const into: Into = async (sink, options) => {
    sink.once('error', () => (failed ??= 'writing'));
    await pipeline(content, sink, { ...options, signal: io.interrupted });
  };
  try {
    const target = await findTarget(resolve(io.cwd, name), name);
    if (target.kind === 'file') await replaceFile(target, into);
    else if (target.kind === 'fifo') await into(await openFifo(target.path, io.interrupted));
    // Appended: what is in a file that the shell has open is not ours to remove.
    else if (target.kind === 'stream') await into(createWriteStream(target.path, { flags: 'a' }));
    else await into(io[target.kind], { end: false });
  } catch (error) {
    content.destroy();
    if (failed === 'reading' || io.interrupted.aborted || error instanceof ConfigError) throw error;
    throw cannotWrite(name, error);
  }
}

/** Writes the content into a stream. */
type Into = (sink: Writable, options?: { readonly end: boolean }) => Promise<void>;

async function replaceFile({ path, mode }: Extract<Target, { kind: 'file' }>, into: Into): Promise<void> {
  const partial = join(dirname(path), `.${randomBytes(12).toString('hex')}.partial`);
  try {
    await makeFolder(dirname(path));
    await into(createWriteStream(partial, { flags: 'wx', ...(mode !== undefined && { mode }) }));
    // The umask has taken its part when the file was made.
    if (mode !== undefined) await chmod(partial, mode);
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** Milliseconds between two looks for a reader. */
const READER_PAUSE_MS = 50;

/** Waits for a reader as `open` does, but so that Ctrl-C ends it: a blocked `open` would hold the process. */
async function openFifo(path: string, signal: AbortSignal): Promise<Socket> {
  for (;;) {
    try {
      const fd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
      return new Socket({ fd, readable: false, writable: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENXIO') throw error;
    }
    await pause(READER_PAUSE_MS, undefined, { signal });
  }
}

/** The error for a file that cannot be written, with the reason in words. */
export function cannotWrite(file: string, cause: unknown): WorkError {
  const { why, nextStep } = diskProblem(cause);
  return new WorkError(`cannot write ${file}: ${why}`, nextStep, { cause });
}
